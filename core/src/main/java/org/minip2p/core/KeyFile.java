package org.minip2p.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file with a private key message that only its owner may read. Immutable. */
final class KeyFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OF_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path file;

    KeyFile(Path file) {
        this.file = Objects.requireNonNull(file, "file");
    }

    PrivateKey read() throws KeyFileException {
        byte[] bytes = bytes();
        try {
            if (bytes.length > KeyMessages.MAX_PRIVATE_BYTES) {
                throw failure(
                        KeyFileException.Reason.NO_KEY,
                        "expected a private key message, found more than " + KeyMessages.MAX_PRIVATE_BYTES + " bytes",
                        null);
            }
            return PrivateKey.decode(bytes);
        } catch (InvalidKeyException e) {
            throw failure(
                    KeyFileException.Reason.NO_KEY,
                    "expected a private key message, found " + bytes.length + " bytes that are none: " + e.getMessage(),
                    e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] bytes() throws KeyFileException {
        try {
            refuseIfOpenToOthers();
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(KeyMessages.MAX_PRIVATE_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            throw failure(KeyFileException.Reason.NOT_FOUND, "there is no such file", e);
        } catch (KeyFileException e) {
            throw e;
        } catch (IOException e) {
            throw failure(KeyFileException.Reason.IO, "cannot be read: " + reason(e), e);
        }
    }

    /** As ssh does: if others could read the key, it is no longer secret. */
    private void refuseIfOpenToOthers() throws IOException {
        if (!isPosix(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OF_OWNER.containsAll(permissions)) {
            throw failure(
                    KeyFileException.Reason.OPEN_TO_OTHERS,
                    "accessible to others (" + PosixFilePermissions.toString(permissions) + "); expected rw-------",
                    null);
        }
    }

    /**
     * Atomic: writes a temporary file next to it, and links it to its name, which fails if that file exists.
     *
     * @param bytes the message, which is wiped
     */
    void write(byte[] bytes) throws KeyFileException {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Path folder = file.toAbsolutePath().resolveSibling("");
            Path whole = Files.createTempFile(folder, ".key", ".tmp", ownerOnly(folder));
            try {
                writeTo(whole, bytes);
                publish(whole);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (FileAlreadyExistsException e) {
            throw failure(
                    KeyFileException.Reason.EXISTS,
                    "exists already, and is not overwritten, so that its key is not lost",
                    e);
        } catch (IOException e) {
            throw failure(KeyFileException.Reason.IO, "cannot be written: " + reason(e), e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static void writeTo(Path whole, byte[] bytes) throws IOException {
        try (FileChannel out = FileChannel.open(whole, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
    }

    /** On file systems without links, a move replaces the link; there is a short gap between its check and its move. */
    private void publish(Path whole) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            Files.move(whole, file);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        return isPosix(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** Names no temporary file, and no Java class if the error has a message. */
    private String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no folder " + file.toAbsolutePath().getParent();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return Printable.safe(failure.getReason());
        }
        return Printable.message(e);
    }

    private KeyFileException failure(KeyFileException.Reason reason, String what, @Nullable Throwable cause) {
        return new KeyFileException(reason, file, what, cause);
    }
}
