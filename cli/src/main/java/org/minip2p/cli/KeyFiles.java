package org.minip2p.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.minip2p.core.KeyFileException;
import org.minip2p.core.PrivateKey;

/** Files that hold a private key, as the library reads and writes them; what is wrong with one ends the command. */
final class KeyFiles {
    private KeyFiles() {}

    static PrivateKey read(Path file) throws CommandFailedException {
        try {
            return PrivateKey.readFile(file);
        } catch (KeyFileException e) {
            throw new CommandFailedException(Objects.requireNonNull(e.getMessage()), e);
        }
    }

    /** Writes a new file; one that exists is never overwritten. */
    static void write(Path file, PrivateKey key) throws CommandFailedException {
        try {
            key.writeFile(file);
        } catch (KeyFileException e) {
            throw new CommandFailedException(Objects.requireNonNull(e.getMessage()), e);
        }
    }
}
