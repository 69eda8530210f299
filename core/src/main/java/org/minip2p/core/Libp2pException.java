package org.minip2p.core;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that a remote peer or the network can cause. An error of the caller is an {@link IllegalArgumentException}
 * or {@link IllegalStateException} instead.
 *
 * <p>The message says what was expected and what came, with numbers, and never contains key material; control characters are escaped
 * in it. The subclass says which kind of failure it is; do not parse the text.
 */
public class Libp2pException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure without a cause.
     *
     * @param message what was expected and what came
     */
    public Libp2pException(String message) {
        super(Printable.safe(message));
    }

    /**
     * Creates a failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause the cause
     */
    public Libp2pException(String message, @Nullable Throwable cause) {
        super(Printable.safe(message), cause);
    }
}
