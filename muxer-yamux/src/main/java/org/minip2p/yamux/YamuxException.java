package org.minip2p.yamux;

import org.minip2p.core.Libp2pException;

/** The peer broke the protocol or exceeded a limit: the session ends, and GO_AWAY tells the peer. */
public class YamuxException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final long goAwayCode;

    /**
     * Creates the exception.
     *
     * @param goAwayCode the code of the GO_AWAY frame, see {@link GoAwayCode}
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

    /** The code of the GO_AWAY frame. */
    public long goAwayCode() {
        return goAwayCode;
    }
}
