package org.minip2p.core.testing;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytes in flight in one direction. Each byte can be taken when it is due, and not before. The room is limited. The
 * thread that adds bytes waits for room, and the thread that takes them waits until they are due.
 *
 * <p>This is a ring of segments. Each segment is allocated when it is first needed. One thread adds, one takes.
 */
final class DelayLine {
    private static final int SEGMENT_BYTES = 1 << 18;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final @Nullable ByteBuffer[] segments;
    private final long capacity;
    private final long delayNanos;
    private final Marks marks = new Marks();
    private long added;
    private long taken;
    private long most;
    private long endDueNanos;
    private boolean ended;
    private boolean broken;

    /**
     * An empty line.
     *
     * @param capacity how many bytes may be in flight; rounded up to whole segments
     * @param delayNanos how long each byte takes
     */
    DelayLine(int capacity, long delayNanos) {
        this.segments = new ByteBuffer[(capacity + SEGMENT_BYTES - 1) / SEGMENT_BYTES];
        this.capacity = (long) segments.length * SEGMENT_BYTES;
        this.delayNanos = delayNanos;
    }

    /** Free room to read into. Waits until there is some. Null if the line is broken. */
    @Nullable ByteBuffer room() {
        lock.lock();
        try {
            while (added - taken == capacity && !broken) {
                changed.awaitUninterruptibly();
            }
            return broken ? null : slice(added, capacity - (added - taken));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds the bytes that were written at the start of the room.
     *
     * @param bytes the number of bytes
     * @param flight which flight they belong to
     */
    void add(int bytes, int flight) {
        lock.lock();
        try {
            added += bytes;
            most = Math.max(most, added - taken);
            marks.add(added, System.nanoTime() + delayNanos, flight);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the line. No bytes follow. */
    void end() {
        lock.lock();
        try {
            ended = true;
            endDueNanos = System.nanoTime() + delayNanos;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Breaks the line. Both threads stop waiting, and no more bytes are given out. */
    void breakOff() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Bytes that are due. Waits until there are some. Null if the line has ended and its end is due, or if it is
     * broken.
     *
     * @param atMost the maximum number of bytes
     */
    @Nullable Due due(int atMost) {
        lock.lock();
        try {
            while (!broken) {
                long now = System.nanoTime();
                if (marks.isEmpty() && !ended) {
                    changed.awaitUninterruptibly();
                } else if (marks.isEmpty() && endDueNanos - now <= 0) {
                    return null;
                } else {
                    long dueNanos = marks.isEmpty() ? endDueNanos : marks.firstDueNanos();
                    if (dueNanos - now <= 0) {
                        return takeDue(now, atMost);
                    }
                    long unused = changed.awaitNanos(dueNanos - now);
                }
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the room of bytes that were given out and have been sent. */
    void sent(int bytes) {
        lock.lock();
        try {
            taken += bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isBroken() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    /** The most bytes that were ever in flight at once. */
    long most() {
        lock.lock();
        try {
            return most;
        } finally {
            lock.unlock();
        }
    }

    private Due takeDue(long now, int atMost) {
        long limit = Math.min(taken + atMost, (taken / SEGMENT_BYTES + 1) * SEGMENT_BYTES);
        long end = taken;
        int flight = 0;
        while (!marks.isEmpty() && end < limit && marks.firstDueNanos() - now <= 0) {
            flight = marks.firstFlight();
            end = Math.min(limit, marks.firstEnd());
            if (end == marks.firstEnd()) {
                marks.removeFirst();
            }
        }
        return new Due(slice(taken, end - taken), flight);
    }

    private ByteBuffer slice(long from, long length) {
        int index = (int) (from / SEGMENT_BYTES % segments.length);
        ByteBuffer segment = segments[index];
        if (segment == null) {
            segment = ByteBuffer.allocateDirect(SEGMENT_BYTES);
            segments[index] = segment;
        }
        int offset = (int) (from % SEGMENT_BYTES);
        return segment.slice(offset, (int) Math.min(length, SEGMENT_BYTES - offset));
    }

    /**
     * Bytes that are due.
     *
     * @param flight the last flight that they belong to
     */
    record Due(ByteBuffer bytes, int flight) {}

    /** A queue of marks: up to which byte the bytes are due, at which time, and in which flight. */
    private static final class Marks {
        private static final int FIELDS = 3;

        private long[] ring = new long[FIELDS * 64];
        private int first;
        private int size;

        boolean isEmpty() {
            return size == 0;
        }

        void add(long end, long dueNanos, int flight) {
            if (size * FIELDS == ring.length) {
                long[] larger = new long[2 * ring.length];
                System.arraycopy(ring, first, larger, 0, ring.length - first);
                System.arraycopy(ring, 0, larger, ring.length - first, first);
                ring = larger;
                first = 0;
            }
            int at = (first + size * FIELDS) % ring.length;
            ring[at] = end;
            ring[at + 1] = dueNanos;
            ring[at + 2] = flight;
            size++;
        }

        long firstEnd() {
            return ring[first];
        }

        long firstDueNanos() {
            return ring[first + 1];
        }

        int firstFlight() {
            return (int) ring[first + 2];
        }

        void removeFirst() {
            first = (first + FIELDS) % ring.length;
            size--;
        }
    }
}
