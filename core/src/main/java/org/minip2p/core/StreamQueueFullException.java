package org.minip2p.core;

/**
 * Too much was written to a stream while it was not writable. The stream has been reset, since the peer must not read data with a gap:
 * this write, all waiting writes and all later ones fail. Write only while {@code isWritable}.
 */
public class StreamQueueFullException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception for a refused write.
     *
     * @param queuedBytes the bytes in the queue
     * @param writtenBytes the bytes of the write that did not fit
     * @param limitBytes the most that may wait, in bytes
     */
    public StreamQueueFullException(long queuedBytes, long writtenBytes, long limitBytes) {
        super("a write of " + writtenBytes + " bytes does not fit: " + queuedBytes + " of " + limitBytes
                + " bytes wait already, and the stream was not writable; it is reset");
    }
}
