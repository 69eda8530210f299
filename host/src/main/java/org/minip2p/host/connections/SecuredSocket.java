package org.minip2p.host.connections;

/** A socket with a muxer, as seen from below the muxer. Confined to the event loop. */
public interface SecuredSocket {
    /** It broke. */
    void fail(Throwable cause);

    /**
     * The peer makes it hold more memory than before, or less, besides the muxer's memory.
     *
     * @param change in bytes
     */
    void keep(long change);
}
