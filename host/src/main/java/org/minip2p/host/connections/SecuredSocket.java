package org.minip2p.host.connections;

/** A socket with a muxer on it, as what stands below the muxer sees it. Confined to the event loop. */
public interface SecuredSocket {
    /** It broke. */
    void fail(Throwable cause);

    /**
     * The peer has it keep more memory than before, or less, beside what the muxer counts.
     *
     * @param change in bytes
     */
    void keep(long change);
}
