package org.minip2p.yamux.netty;

import org.minip2p.yamux.FrameType;

/**
 * Answers that have to be sent for frames of the peer and belong to no stream here: pongs, and the RSTs of refused streams. There are
 * {@value #CAPACITY} at most; when it is full the session stops reading, and drops none (YMX-57, YMX-58, CVE-2024-32984).
 *
 * <p>Confined to the connection's event loop.
 */
final class ReplyQueue {
    static final int CAPACITY = 32;

    private final FrameType[] types = new FrameType[CAPACITY];
    private final long[] values = new long[CAPACITY];
    private int first;
    private int size;

    boolean isFull() {
        return size == CAPACITY;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Queues the answer to a ping. */
    void pong(long value) {
        add(FrameType.PING, value);
    }

    /** Queues the RST of a stream that was refused. */
    void refuse(long streamId) {
        add(FrameType.WINDOW_UPDATE, streamId);
    }

    /** Whether the first answer is a pong; else it is a refusal. */
    boolean isFirstPong() {
        return types[first] == FrameType.PING;
    }

    /** Removes the first answer: the ping's value or the stream's id. */
    long poll() {
        assert size > 0;
        long value = values[first];
        first = (first + 1) % CAPACITY;
        size--;
        return value;
    }

    void clear() {
        size = 0;
    }

    private void add(FrameType type, long value) {
        assert !isFull();
        int slot = (first + size++) % CAPACITY;
        types[slot] = type;
        values[slot] = value;
    }
}
