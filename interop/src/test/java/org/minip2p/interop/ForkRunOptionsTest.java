package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the fork rounds. */
class ForkRunOptionsTest {

    private static ForkRunOptions parse(String line) {
        return ForkRunOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    @Test
    void makesThreeHundredRoundsWithTenSecondsOfWindowAndThreeOfSkew() {
        ForkRunOptions options = parse("");

        assertThat(options.peers()).containsExactly(Peers.GO, Peers.RUST, Peers.JS);
        assertThat(options.rounds()).isEqualTo(300);
        assertThat(options.batch()).isEqualTo(100);
        assertThat(options.window()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.skew()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.together()).isFalse();
        assertThat(options.ownNetworkOnly()).isFalse();
        assertThat(options.write()).isFalse();
    }

    @Test
    void makesFewShortRoundsAtTheSameTimeAsASmokeTest() {
        ForkRunOptions options = parse("--smoke");

        assertThat(options.peers()).containsExactly(Peers.GO, Peers.JS);
        assertThat(options.rounds()).isLessThan(20);
        assertThat(options.window()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.together()).isTrue();
    }

    @Test
    void takesEachOptionWhereverSmokeStands() {
        ForkRunOptions options = parse(
                "--rounds 7 --batch 3 --smoke --peer rust --peer js --window 20 --skew 4 --seed 9 --own-network-only --json --write");

        assertThat(options.peers()).containsExactly(Peers.RUST, Peers.JS);
        assertThat(options.rounds()).isEqualTo(7);
        assertThat(options.batches()).isEqualTo(3);
        assertThat(options.window()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.skew()).isEqualTo(Duration.ofSeconds(4));
        assertThat(options.seed()).isEqualTo(9);
        assertThat(options.ownNetworkOnly()).isTrue();
        assertThat(options.json()).isTrue();
        assertThat(options.write()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rounds",
                "--rounds many",
                "--rounds 0",
                "--rounds 99999999999",
                "--batch 0",
                "--batch 1001",
                "--peer jvm",
                "--skew -1",
                "--window 3 --skew 3",
                "--fork"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(IllegalArgumentException.class);
    }
}
