package org.minip2p.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.minip2p.attacks.Observation.Window;
import org.minip2p.attacks.hostile.Attacks;

/** How a result is reported. */
class ResultTest {
    private static final Window QUIET = new Window(100, 1_000, 20_000, 5, 0, 0, "");

    private static Result result(int served) {
        return result(200, "", served);
    }

    private static Result result(long blows, String hindrance, int served) {
        Observation seen = new Observation(
                blows,
                7,
                3 << 20,
                10.04,
                hindrance,
                "",
                0,
                11,
                22,
                33,
                44,
                QUIET,
                QUIET,
                QUIET,
                5,
                served,
                Map.of("attacker: idle", 3L));
        return Result.of(Attacks.named("silent-sockets"), seen);
    }

    @Test
    void isOneObjectOfJsonOnOneLine() throws IOException {
        String line = result(5).json();

        assertThat(line).doesNotContain("\n");
        Map<String, Object> members = JSON.std.mapFrom(line);
        assertThat(members)
                .containsEntry("attack", "silent-sockets")
                .containsEntry("withstood", true)
                .containsEntry("faults", List.of())
                .containsEntry("heldBytes", 11)
                .containsEntry("realBytes", 55)
                .containsEntry("honestP99Micros", 20_000)
                .containsEntry("honestP99MicrosBefore", 20_000)
                .containsEntry("honestP99MicrosAfter", 20_000)
                .containsEntry("newcomersTried", 5)
                .containsEntry("newcomersServed", 5)
                .containsEntry("seconds", 10.0)
                .containsEntry("ends", Map.of("attacker: idle", 3));
    }

    @Test
    void saysWhatWasNotWithstood() throws IOException {
        Result refused = result(1);

        assertThat(JSON.std.mapFrom(refused.json()))
                .containsEntry("withstood", false)
                .containsEntry("faults", List.of("1 of 5 newcomers served"));
        assertThat(ResultTable.row(refused)).contains("NO").contains("! 1 of 5 newcomers served");
        assertThat(ResultTable.markdown(List.of(refused))).contains("**no**: 1 of 5 newcomers served");
    }

    @Test
    void showsADefenceOnlyWhereTheAttackTookPlaceAndWasNotWithstood() {
        assertThat(result(200, "", 1).showsTheDefence()).isTrue();
        assertThat(result(200, "", 5).showsTheDefence()).isFalse();
        assertThat(result(200, "no start", 1).showsTheDefence()).isFalse();
        assertThat(result(3, "", 1).showsTheDefence()).isFalse();
    }

    @Test
    void showsTheMostFrequentEndsFirst() {
        assertThat(ResultTable.ends(Map.of("a", 1L, "b", 3L, "c", 2L, "d", 1L)))
                .containsExactly("3 × b", "2 × c", "1 × a");
    }

    @Test
    void putsReasonsTogetherThatDifferInNumbersAlone() {
        Ends ends = new Ends();
        ends.add("/127.64.0.1:4001", "closed after 12 ms");
        ends.add("/127.64.0.2:4002", "closed after 13 ms");
        ends.add("/ip4/127.0.7.1/tcp/1", "closed");
        ends.add("/127.1.0.3:9", "closed");

        assertThat(ends.counts())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("attacker: closed after N ms", 2L, "honest: closed", 1L, "newcomer: closed", 1L));
    }

    @Test
    void keepsABoundedNumberOfReasons() {
        Ends ends = new Ends();
        for (int i = 0; i < 1_000; i++) {
            ends.add("/127.64.0.1:4001", "x".repeat(i % 100) + (char) ('a' + i % 26) + "!".repeat(i / 100));
        }

        assertThat(ends.counts()).hasSizeLessThanOrEqualTo(64);
    }
}
