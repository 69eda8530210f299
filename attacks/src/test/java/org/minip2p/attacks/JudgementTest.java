package org.minip2p.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.minip2p.attacks.Observation.Window;
import org.minip2p.attacks.hostile.Expectation;

/** When a host has withstood an attack. Each figure outside its limit is a separate fault. */
class JudgementTest {
    private static final long MIB = 1 << 20;
    private static final Window QUIET = new Window(100, 1_000, 20_000, 5, 0, 0, "");
    private static final Expectation EXPECTED = new Expectation(300, 80, 96, 120, 10);

    @Test
    void withstandsWhatLeavesEverybodyAlone() {
        assertThat(judge(seen(QUIET, QUIET)).faults()).isEmpty();
        assertThat(judge(seen(QUIET, QUIET)).isWithstood()).isTrue();
    }

    @Test
    void doesNotWithstandWhatDelaysTheHonestPeerDuringTheAttackOrAfterIt() {
        Window slow = new Window(100, 1_000, 301_000, 5, 0, 0, "");

        assertThat(judge(seen(slow, QUIET)).faults()).containsExactly("honest p99 301 ms during the attack, above 300");
        assertThat(judge(seen(QUIET, slow)).faults()).containsExactly("honest p99 301 ms after the attack, above 300");
    }

    @Test
    void allowsThreeTimesWhatItWasOnASlowMachine() {
        Window before = new Window(100, 1_000, 200_000, 5, 0, 0, "");
        Window thrice = new Window(100, 1_000, 600_000, 5, 0, 0, "");
        Window more = new Window(100, 1_000, 601_000, 5, 0, 0, "");

        assertThat(judge(seen(before, thrice, thrice, 10, 5, 5, "", 0)).isWithstood())
                .isTrue();
        assertThat(judge(seen(before, more, thrice, 10, 5, 5, "", 0)).faults())
                .containsExactly("honest p99 601 ms during the attack, above 600");
    }

    @Test
    void doesNotWithstandWhatMakesHonestCallsFailOrEndsTheirConnection() {
        Window failed = new Window(100, 1_000, 20_000, 5, 2, 0, "pings: late");
        Window lost = new Window(100, 1_000, 20_000, 5, 2, 1, "pings: gone");

        assertThat(judge(seen(failed, QUIET)).faults())
                .containsExactly("2 honest calls failed during the attack: pings: late");
        assertThat(judge(seen(lost, QUIET)).faults())
                .containsExactly("the honest peer lost its connection during the attack: pings: gone");
    }

    @Test
    void doesNotTakeAWindowWithoutPingsForAGoodOne() {
        assertThat(judge(seen(new Window(3, 1, 1, 0, 0, 0, ""), QUIET)).faults())
                .containsExactly("only 3 honest pings during the attack");
    }

    @Test
    void doesNotWithstandWhatKeepsNewcomersOut() {
        assertThat(judge(seen(QUIET, QUIET, QUIET, 10, 5, 3, "", 0)).faults())
                .containsExactly("3 of 5 newcomers served");
        assertThat(judge(seen(QUIET, QUIET, QUIET, 10, 5, 4, "", 0)).isWithstood())
                .isTrue();
    }

    @Test
    void doesNotWithstandAFallOrAnErrorOfMemory() {
        assertThat(judge(seen(Window.NONE, Window.NONE, Window.NONE, 10, 0, 0, "it died", 0))
                        .faults())
                .containsExactly("the victim fell: it died");
        assertThat(judge(seen(QUIET, QUIET, QUIET, 10, 5, 5, "", 2)).faults()).containsExactly("2 times out of memory");
    }

    @Test
    void saysNothingOfTheVictimWhereTheAttackDidNotTakePlace() {
        Observation hindered =
                new Observation(10, 7, 1_000, 10, "no start", "", 0, 0, 0, 0, 0, QUIET, QUIET, QUIET, 0, 0, Map.of());

        assertThat(judge(hindered).faults()).containsExactly("did not take place: no start");
    }

    @Test
    void takesNoAttackForWithstoodThatHardlyStruck() {
        assertThat(judge(seen(QUIET, QUIET, QUIET, 9, 5, 5, "", 0)).faults())
                .containsExactly("the attack struck 9 times, 10 show something");
    }

    @Test
    void judgesMemoryByWhatIsReallyInUse() {
        Observation heap = withMemory(97 * MIB, MIB);
        Observation direct = withMemory(MIB, 121 * MIB);

        assertThat(judge(heap).faults()).containsExactly("heap 97 MiB above 96 MiB");
        assertThat(judge(direct).faults()).containsExactly("direct memory 121 MiB above 120 MiB");
        assertThat(judge(withMemory(96 * MIB, 120 * MIB)).isWithstood()).isTrue();
    }

    static Observation seen(Window during, Window after) {
        return seen(QUIET, during, after, 10, 5, 5, "", 0);
    }

    private static Observation seen(
            Window before, Window during, Window after, long blows, int tried, int served, String fall, long errors) {
        return new Observation(
                blows,
                7,
                1_000,
                10,
                "",
                fall,
                errors,
                MIB,
                MIB,
                MIB,
                MIB,
                before,
                during,
                after,
                tried,
                served,
                Map.of("attacker: idle", 3L));
    }

    private static Observation withMemory(long heap, long direct) {
        return new Observation(
                10, 7, 1_000, 10, "", "", 0, MIB, heap, direct, MIB, QUIET, QUIET, QUIET, 5, 5, Map.of());
    }

    private static Judgement judge(Observation seen) {
        return Judgement.of(seen, EXPECTED);
    }
}
