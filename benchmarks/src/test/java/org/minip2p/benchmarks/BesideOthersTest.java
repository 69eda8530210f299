package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BesideOthersTest {
    private static final Page.Results PLAIN = new Page.Results(
            "JDK 17 without Conscrypt", List.of(Figure.of("work/one-process/connections/minip2p", 300, "1/s")));

    @Test
    void saysWhereMinip2pIsFastestAndWhoIsFasterElsewhere() {
        Page.Results results = new Page.Results(
                "JDK 17",
                List.of(
                        Figure.of("work/one-process/connections/minip2p", 400, "1/s"),
                        Figure.of("work/one-process/connections/go", 500, "1/s"),
                        Figure.of("work/one-process/connections/rust", 800, "1/s"),
                        Figure.of("work/two-processes/ping-pong/minip2p", 30, "µs"),
                        Figure.of("work/two-processes/ping-pong/go", 20, "µs"),
                        Figure.of("work/two-processes/ping-pong/js", 100, "µs"),
                        Figure.of("perf/minip2p/up", 600, "MiB/s"),
                        Figure.of("perf/minip2p/against-go/up", 600, "MiB/s").beside(400)));

        assertThat(new BesideOthers(List.of(PLAIN, results)).text()).isEqualTo("""
                        JDK 17 beside the others:

                        | work | where | unit | minip2p | go | rust | js | jvm |
                        |---|---|---|--:|--:|--:|--:|--:|
                        | connections, one after the other | in one process | 1/s | 400 | 500 | 800 | – | – |
                        | 32 bytes there and back, median | in two processes | µs | 30 | 20 | – | 100 | – |
                        | 1 GiB up | in two processes | MiB/s | 600 | 400 | – | – | – |

                        minip2p is fastest in 1 of 3 rows. In the others:

                        - connections, one after the other, in one process: rust (800 a second) and go (500 a second) are faster than minip2p (400 a second).
                        - 32 bytes there and back, median, in two processes: go (20 µs) is faster than minip2p (30 µs).

                        minip2p on each Java:

                        | work | where | unit | JDK 17 without Conscrypt | JDK 17 |
                        |---|---|---|--:|--:|
                        | connections, one after the other | in one process | 1/s | 300 | 400 |
                        | 32 bytes there and back, median | in two processes | µs | – | 30 |
                        | 1 GiB up | in two processes | MiB/s | – | 600 |""");
    }

    @Test
    void inADrawMinip2pIsNotFastest() {
        assertThat(ofStreams(100, 100)).endsWith("""
                        minip2p is fastest in 0 of 1 rows. In the others:

                        - streams, one after the other, in one process: rust (100 a second) is at least as fast as minip2p (100 a second).""");
    }

    @Test
    void saysWhenMinip2pIsFastestEverywhere() {
        assertThat(ofStreams(101, 100)).endsWith("\n\nminip2p is fastest in every row.");
    }

    @Test
    void isEmptyWithoutTheOthers() {
        assertThat(new BesideOthers(List.of(PLAIN)).text()).isEmpty();
    }

    private static String ofStreams(double ours, double rust) {
        return new BesideOthers(List.of(new Page.Results(
                        "JDK 17",
                        List.of(
                                Figure.of("work/one-process/streams/minip2p", ours, "1/s"),
                                Figure.of("work/one-process/streams/rust", rust, "1/s")))))
                .text();
    }
}
