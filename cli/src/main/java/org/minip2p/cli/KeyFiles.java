package org.minip2p.cli;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.PrivateKey;

/** Files that hold a private key: the bytes of its key message, readable by their owner alone. */
final class KeyFiles {
    /** An RSA key of 8,192 bits is below 5 KiB; what is longer is no key file. */
    private static final int MAX_BYTES = 8192;

    private KeyFiles() {}

    static PrivateKey read(Path file) throws CommandFailedException {
        byte[] bytes = bytes(file);
        if (bytes.length > MAX_BYTES) {
            throw new CommandFailedException(
                    "key file " + file + ": expected a private key message, found more than " + MAX_BYTES + " bytes");
        }
        try {
            return PrivateKey.decode(bytes);
        } catch (InvalidKeyException e) {
            throw new CommandFailedException(
                    "key file " + file + ": expected a private key message as 'minip2p key --out' writes it, found "
                            + bytes.length + " bytes that are none: " + e.getMessage(),
                    e);
        }
    }

    private static byte[] bytes(Path file) throws CommandFailedException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new CommandFailedException("key file " + file + ": there is no such file", e);
        } catch (IOException e) {
            throw new CommandFailedException("key file " + file + ": cannot be read: " + Failures.text(e), e);
        }
    }

    /** Writes a new file; one that exists is never overwritten, since the identity in it would be lost. */
    static void write(Path file, PrivateKey key) throws CommandFailedException {
        try (var channel = Files.newByteChannel(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly());
                var out = Channels.newOutputStream(channel)) {
            out.write(key.encoded());
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(
                    "key file " + file + ": exists already, and is not overwritten, so that its key is not lost", e);
        } catch (IOException e) {
            throw new CommandFailedException("key file " + file + ": cannot be written: " + Failures.text(e), e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
