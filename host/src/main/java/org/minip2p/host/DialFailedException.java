package org.minip2p.host;

import java.io.Serial;
import java.util.List;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Printable;

/** No address of a peer led to a connection. The first failure is the cause, the others are suppressed exceptions. */
public final class DialFailedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param target the peer or the address that was dialed
     * @param failures the failures in order; empty when there was no address to try
     */
    public DialFailedException(String target, List<Throwable> failures) {
        super("dial " + target + ": " + text(failures), failures.isEmpty() ? null : failures.get(0));
        failures.stream().skip(1).forEach(this::addSuppressed);
    }

    private static String text(List<Throwable> failures) {
        return failures.isEmpty() ? "expected an address to try, got none" : Printable.message(failures.get(0));
    }
}
