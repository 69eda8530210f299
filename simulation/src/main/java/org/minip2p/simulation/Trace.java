package org.minip2p.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run, in order: as a hash, the last lines, and all lines on request. Confined to the thread of its world.
 */
final class Trace {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int LAST = 200;

    private final @Nullable Consumer<String> sink;
    private final Deque<String> last = new ArrayDeque<>();
    private long hash = FNV_OFFSET;
    private long lines;

    /**
     * Creates an empty trace.
     *
     * @param sink receives each line; null for none
     */
    Trace(@Nullable Consumer<String> sink) {
        this.sink = sink;
    }

    /**
     * Adds a line.
     *
     * @param nanos the time
     * @param who did it
     * @param what what happened
     */
    void add(long nanos, String who, String what) {
        mix(nanos);
        mix(who);
        mix(what);
        lines++;
        String line = nanos / 1_000 + " µs " + who + " " + what;
        last.addLast(line);
        if (last.size() > LAST) {
            last.removeFirst();
        }
        if (sink != null) {
            sink.accept(line);
        }
    }

    private void mix(String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
    }

    private void mix(long number) {
        hash = (hash ^ number) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /** A digest of bytes, to put into a line. */
    static int digest(byte[] bytes) {
        return Arrays.hashCode(bytes);
    }

    /** A hash of all lines: equal for two runs in which the same happened in the same order. */
    long hash() {
        return hash;
    }

    /** The number of lines. */
    long lines() {
        return lines;
    }

    /** The most recent lines, the latest last. */
    String tail() {
        return String.join("\n", last);
    }
}
