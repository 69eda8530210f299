package org.minip2p.core;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that a remote peer or the network can cause to go wrong. A fault of the caller is an
 * {@link IllegalArgumentException} or {@link IllegalStateException} instead.
 *
 * <p>The message says what was expected and what came, with numbers, and never holds key material; what a terminal or a log would obey
 * is escaped in it. Which kind of failure it is, is told by the subclass, never by the text.
 */
public class Libp2pException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure that nothing else brought about.
     *
     * @param message what was expected and what came
     */
    public Libp2pException(String message) {
        super(Printable.safe(message));
    }

    /**
     * A failure with a cause.
     *
     * @param message what was expected and what came
     * @param cause what brought it about
     */
    public Libp2pException(String message, @Nullable Throwable cause) {
        super(Printable.safe(message), cause);
    }
}
