package org.minip2p.core;

/** This end has used all of its stream ids: no stream can be opened in this session again, which lives on (YMX-13). */
public class StreamIdsExhaustedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** All ids of this end are used. */
    public StreamIdsExhaustedException() {
        super("all stream ids of this session are used");
    }
}
