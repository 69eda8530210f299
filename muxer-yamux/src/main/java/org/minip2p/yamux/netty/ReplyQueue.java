package org.minip2p.yamux.netty;

/**
 * Answers that have to be sent for frames of the peer and belong to no stream here: pongs, and the RSTs of refused
 * streams. There are {@value #CAPACITY} at most; when it is full the session stops reading, and drops none (YMX-57,
 * YMX-58, CVE-2024-32984).
 *
 * <p>Confined to the connection's event loop.
 */
final class ReplyQueue {
    static final int CAPACITY = 32;

    /** Room for what an honest peer makes wait: there is one queue for each connection, and most are idle. */
    private static final int FIRST_CAPACITY = 2;

    private static final long[] EMPTY = {};

    /** Beside a value of 32 bits: the value is a ping's, and not the id of a stream that was refused. */
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

    /** Whether the first answer is a pong; else it is a refusal. */
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
