package org.minip2p.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.minip2p.core.KeyFileException;
import org.minip2p.core.PrivateKey;

/** Reads and writes private key files through the library; any failure ends the command. */
final class KeyFiles {
    private KeyFiles() {}

    static PrivateKey read(Path file) throws CommandFailedException {
        try {
            return PrivateKey.readFile(file);
        } catch (KeyFileException e) {
            throw new CommandFailedException(Objects.requireNonNull(e.getMessage()), e);
        }
    }

    /** Writes a new file; never overwrites an existing one. */
    static void write(Path file, PrivateKey key) throws CommandFailedException {
        try {
            key.writeFile(file);
        } catch (KeyFileException e) {
            throw new CommandFailedException(Objects.requireNonNull(e.getMessage()), e);
        }
    }
}
