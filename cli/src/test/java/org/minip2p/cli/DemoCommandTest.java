package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoCommandTest {
    @Test
    void showsPeopleWhatHappenedAndEndsWithOk() {
        Run run = Run.of("demo", "--bytes", "2MiB");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(String.join("\n", run.out()))
                .containsSubsequence("A  dials", "B  accepts", "pings", "begins to send 2 MiB", "is closed", "MiB/s");
        assertThat(run.lastLine()).isEqualTo("ok");
    }

    @Test
    void givesProgramsItsResultInTheLastLine() {
        Run run = Run.of("demo", "--bytes", "100KiB", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).allSatisfy(line -> assertThat(Json.object(line)).isNotEmpty());
        assertThat(run.result())
                .containsOnlyKeys("ok", "handshake", "pingMicrosP50", "mibPerSecond")
                .containsEntry("ok", true)
                .containsEntry("handshake", "completed");
    }
}
