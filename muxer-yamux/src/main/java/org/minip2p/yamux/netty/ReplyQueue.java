package org.minip2p.yamux.netty;

/**
 * Answers to the peer's frames that belong to no stream here: pongs, and the RSTs of refused streams. There are at most
 * {@value #CAPACITY}; when the queue is full, the session stops reading instead of dropping answers (YMX-57, YMX-58,
 * CVE-2024-32984).
 *
 * <p>Confined to the connection's event loop.
 */
final class ReplyQueue {
    static final int CAPACITY = 32;

    /** Enough for an honest peer; small, since there is one queue for each connection, and most are idle. */
    private static final int FIRST_CAPACITY = 2;

    private static final long[] EMPTY = {};

    /** Marks a 32-bit value as a ping's value, not the id of a refused stream. */
    private static final long PONG = 1L << Integer.SIZE;

    /** A ring, whose length is a power of two or 0. */
    private long[] answers = EMPTY;

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
        add(PONG | value);
    }

    /** Queues the RST of a stream that was refused. */
    void refuse(long streamId) {
        add(streamId);
    }

    /** Whether the first answer is a pong; otherwise it is a refusal. */
    boolean isFirstPong() {
        return (answers[first] & PONG) != 0;
    }

    /** Removes the first answer: the ping's value or the stream's id. */
    long poll() {
        assert size > 0;
        long answer = answers[first];
        first = (first + 1) % answers.length;
        size--;
        return answer & ~PONG;
    }

    void clear() {
        size = 0;
    }

    private void add(long answer) {
        assert !isFull();
        if (size == answers.length) {
            grow();
        }
        answers[(first + size++) % answers.length] = answer;
    }

    private void grow() {
        long[] larger = new long[Math.max(FIRST_CAPACITY, 2 * size)];
        for (int i = 0; i < size; i++) {
            larger[i] = answers[(first + i) % size];
        }
        answers = larger;
        first = 0;
    }
}
