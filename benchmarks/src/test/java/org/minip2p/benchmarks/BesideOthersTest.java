package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BesideOthersTest {
    private static final Page.Results PLAIN = new Page.Results(
            "JDK 17 without Conscrypt", List.of(Figure.of("work/one-process/connections/minip2p", 300, "1/s")));

    @Test
    void saysWhereOursIsNotAhead() {
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

                        - connections, one after the other, in one process: minip2p is not ahead. It has 400 1/s, and rust 800 1/s; the ratio is 0.500.
                        - 32 bytes there and back, median, in two processes: minip2p is not ahead. It has 30 µs, and go 20 µs; the ratio is 1.50.

                        minip2p on each Java:

                        | work | where | unit | JDK 17 without Conscrypt | JDK 17 |
                        |---|---|---|--:|--:|
                        | connections, one after the other | in one process | 1/s | 300 | 400 |
                        | 32 bytes there and back, median | in two processes | µs | – | 30 |
                        | 1 GiB up | in two processes | MiB/s | – | 600 |""");
    }

    @Test
    void aDrawIsNotAhead() {
        assertThat(ofStreams(100, 100)).contains("streams, one after the other, in one process: minip2p is not ahead.");
    }

    @Test
    void saysWhenOursIsAheadEverywhere() {
        assertThat(ofStreams(101, 100)).endsWith("\n\nminip2p is ahead in every row.");
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
