package org.minip2p.yamux;

import org.minip2p.core.Libp2pException;

/** A write did not fit into its stream's queue and was dropped; the stream lives on. Wait for {@code isWritable}. */
public class StreamQueueFullException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * A write that was refused.
     *
     * @param queuedBytes the bytes that wait in the queue
     * @param writtenBytes the bytes of the refused write
     * @param limitBytes the most that may wait, in bytes
     */
    public StreamQueueFullException(long queuedBytes, long writtenBytes, long limitBytes) {
        super("a write of " + writtenBytes + " bytes does not fit: " + queuedBytes + " of " + limitBytes
                + " bytes wait already");
    }
}
