package org.minip2p.attacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.minip2p.attacks.Observation.Window;
import org.minip2p.attacks.hostile.Expectation;

/**
 * Whether an attack was withstood.
 *
 * @param faults what did not meet the expectation; empty when the attack was withstood
 */
record Judgement(List<String> faults) {
    private static final long MIB = 1 << 20;

    /** Half of the pings of one second; a window with fewer proves nothing. */
    private static final int LEAST_PINGS = 25;

    /** The 99th percentile may be this many times the value before the attack, if that is more than the limit. */
    private static final int SLOWER = 3;

    Judgement {
        faults = List.copyOf(faults);
    }

    boolean isWithstood() {
        return faults.isEmpty();
    }

    /** Judges what was seen. */
    static Judgement of(Observation seen, Expectation expected) {
        List<String> faults = new ArrayList<>();
        if (!seen.hindrance().isEmpty()) {
            return new Judgement(List.of("did not take place: " + seen.hindrance()));
        }
        if (!seen.fall().isEmpty()) {
            faults.add("the victim fell: " + seen.fall());
        }
        if (seen.memoryErrors() > 0) {
            faults.add(seen.memoryErrors() + " times out of memory");
        }
        if (seen.blows() < expected.leastBlows()) {
            faults.add("the attack struck " + seen.blows() + " times, " + expected.leastBlows() + " show something");
        }
        if (!seen.fall().isEmpty()) {
            return new Judgement(faults); // the rest could not be observed
        }
        if (seen.heapBytes() > expected.heapMib() * MIB) {
            faults.add("heap " + mib(seen.heapBytes()) + " above " + expected.heapMib() + " MiB");
        }
        if (seen.directBytes() > expected.directMib() * MIB) {
            faults.add("direct memory " + mib(seen.directBytes()) + " above " + expected.directMib() + " MiB");
        }
        // A machine that was slow before the attack is also slow during it.
        long limit = Math.max(expected.p99Millis(), SLOWER * seen.before().p99Micros() / 1_000);
        judge("during", seen.during(), limit, faults);
        judge("after", seen.after(), limit, faults);
        if (seen.newcomersServed() * 100 < seen.newcomersTried() * expected.newcomersPercent()) {
            faults.add(seen.newcomersServed() + " of " + seen.newcomersTried() + " newcomers served");
        }
        return new Judgement(faults);
    }

    private static void judge(String when, Window honest, long p99Millis, List<String> faults) {
        if (honest.lost() > 0) {
            faults.add("the honest peer lost its connection " + when + " the attack: " + honest.firstFailure());
        } else if (honest.failures() > 0) {
            faults.add(honest.failures() + " honest calls failed " + when + " the attack: " + honest.firstFailure());
        }
        if (honest.pings() < LEAST_PINGS) {
            faults.add("only " + honest.pings() + " honest pings " + when + " the attack");
        } else if (honest.p99Micros() > p99Millis * 1_000) {
            faults.add(String.format(
                    Locale.ROOT,
                    "honest p99 %.0f ms %s the attack, above %d",
                    honest.p99Micros() / 1e3,
                    when,
                    p99Millis));
        }
    }

    private static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }
}
