package org.minip2p.core;

/**
 * This end has used all of its stream ids: it can open no further stream in this session. The session continues
 * (YMX-13).
 */
public class StreamIdsExhaustedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public StreamIdsExhaustedException() {
        super("all stream ids of this session are used");
    }
}
