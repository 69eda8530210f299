package org.minip2p.attacks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.minip2p.attacks.hostile.Attack;

/** One attack, what was observed, and the verdict. */
record Result(Attack attack, Observation seen, Judgement judgement) {
    static Result of(Attack attack, Observation seen) {
        return new Result(attack, seen, Judgement.of(seen, attack.description().expectation()));
    }

    boolean isWithstood() {
        return judgement.isWithstood();
    }

    /** Whether the attack took place and succeeded, as it must when the defence is turned off. */
    boolean showsTheDefence() {
        return !isWithstood()
                && seen.hindrance().isEmpty()
                && seen.blows() >= attack.description().expectation().leastBlows();
    }

    /** As one line of JSON. */
    String json() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("attack", attack.name());
        members.put("rows", attack.description().rows());
        members.put("withstood", judgement.isWithstood());
        members.put("faults", judgement.faults());
        members.put("seconds", Math.round(seen.seconds() * 10) / 10.0);
        members.put("blows", seen.blows());
        members.put("connections", seen.connections());
        members.put("sentBytes", seen.sentBytes());
        members.put("heldBytes", seen.heldBytes());
        members.put("realBytes", seen.realBytes());
        members.put("heapBytes", seen.heapBytes());
        members.put("directBytes", seen.directBytes());
        members.put("residentBytes", seen.residentBytes());
        members.put("honestP50MicrosBefore", seen.before().p50Micros());
        members.put("honestP99MicrosBefore", seen.before().p99Micros());
        members.put("honestP50Micros", seen.during().p50Micros());
        members.put("honestP99Micros", seen.during().p99Micros());
        members.put("honestP50MicrosAfter", seen.after().p50Micros());
        members.put("honestP99MicrosAfter", seen.after().p99Micros());
        members.put("honestPings", seen.during().pings());
        members.put("honestEchoes", seen.during().echoes());
        members.put("honestFailures", seen.during().failures());
        members.put("honestLost", seen.during().lost());
        members.put("newcomersTried", seen.newcomersTried());
        members.put("newcomersServed", seen.newcomersServed());
        members.put("ends", seen.ends());
        return Line.of(members);
    }
}
