package org.minip2p.core;

/**
 * A stream was written to for too long while it was not writable. It has been reset, since the peer must not read past a hole: this write,
 * all that waited and all that follow fail. Wait for {@code isWritable}.
 */
public class StreamQueueFullException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A write that was refused.
     *
     * @param queuedBytes the bytes that wait in the queue
     * @param writtenBytes the bytes of the write that did not fit
     * @param limitBytes the most that may wait, in bytes
     */
    public StreamQueueFullException(long queuedBytes, long writtenBytes, long limitBytes) {
        super("a write of " + writtenBytes + " bytes does not fit: " + queuedBytes + " of " + limitBytes
                + " bytes wait already, and the stream was not writable; it is reset");
    }
}
