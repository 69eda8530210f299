package org.minip2p.attacks.hostile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a hostile peer has done so far. Thread-safe. */
public final class Tally {
    private static final int MAX_ENDS = 32;

    private final LongAdder bytes = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder blows = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();

    /** Bytes went out. */
    void sent(long count) {
        bytes.add(count);
    }

    /** A socket was opened. */
    void connected() {
        connections.increment();
    }

    /** Counts blows: the sockets, frames, streams or requests that make up the attack. */
    void struck(long count) {
        blows.add(count);
    }

    /** A connection was ended by the other side. */
    void ended(Throwable why) {
        ended.increment();
        String text = why.getClass().getSimpleName();
        LongAdder count = ends.get(text);
        if (count == null && ends.size() < MAX_ENDS) {
            count = ends.computeIfAbsent(text, key -> new LongAdder());
        }
        if (count != null) {
            count.increment();
        }
    }

    /** The number of blows so far. */
    public long blows() {
        return blows.sum();
    }

    /** The number of sockets so far. */
    public long connections() {
        return connections.sum();
    }

    /** The number of bytes so far. */
    public long bytes() {
        return bytes.sum();
    }

    /** The number of connections that the other side has ended. */
    public long ended() {
        return ended.sum();
    }

    /** All counts, as the members of the line that the process prints. */
    public Map<String, Object> members(double seconds) {
        return Map.of(
                "event",
                "attacked",
                "seconds",
                seconds,
                "bytes",
                bytes.sum(),
                "connections",
                connections.sum(),
                "blows",
                blows.sum(),
                "ended",
                ended.sum(),
                "ends",
                ends.toString());
    }
}
