package org.minip2p.yamux;

import org.minip2p.core.Libp2pException;

/** The peer broke the protocol or went beyond a limit: the session ends, and the peer is told so by GO_AWAY. */
public class YamuxException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final long goAwayCode;

    /**
     * An error that ends the session.
     *
     * @param goAwayCode what the GO_AWAY frame says, see {@link GoAwayCode}
     * @param message what was expected and what came
     */
    public YamuxException(long goAwayCode, String message) {
        super(message);
        this.goAwayCode = goAwayCode;
    }

    static YamuxException protocolError(String message) {
        return new YamuxException(GoAwayCode.PROTOCOL_ERROR, message);
    }

    static YamuxException rateLimited(String message) {
        return new YamuxException(GoAwayCode.RATE_LIMITED, message);
    }

    /** The code that the GO_AWAY frame carries to the peer. */
    public long goAwayCode() {
        return goAwayCode;
    }
}
