package org.minip2p.core;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A key file could not be read or written. The message never contains the content of the file. */
public final class KeyFileException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is wrong with it. */
    public enum Reason {
        /** There is no such file. */
        NOT_FOUND,
        /** The file already exists. It is not overwritten, because its identity would be lost. */
        EXISTS,
        /** Others besides its owner have rights to it. */
        OPEN_TO_OTHERS,
        /** It does not contain a private key message. */
        NO_KEY,
        /** The system failed to read or write it; the cause says how. */
        IO
    }

    private final Reason reason;

    KeyFileException(Reason reason, Path file, String what, @Nullable Throwable cause) {
        super("key file " + Printable.safe(file.toString()) + ": " + what, cause);
        this.reason = reason;
    }

    /** {@return what is wrong with the file} */
    public Reason reason() {
        return reason;
    }
}
