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
     * Nothing has happened yet.
     *
     * @param sink gets each line; null when nobody wants them
     */
    Trace(@Nullable Consumer<String> sink) {
        this.sink = sink;
    }

    /**
     * One more line.
     *
     * @param nanos when
     * @param who did it
     * @param what it was
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

    /** Bytes that passed, as a number to put into a line. */
    static int digest(byte[] bytes) {
        return Arrays.hashCode(bytes);
    }

    /** The same for two runs in which the same happened, in the same order. */
    long hash() {
        return hash;
    }

    /** How many lines there were. */
    long lines() {
        return lines;
    }

    /** The last lines, the latest at the end. */
    String tail() {
        return String.join("\n", last);
    }
}
