package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlameGraphTest {
    private static final String LOOP = "java/lang/Thread.run;io/netty/channel/SingleThreadIoEventLoop.run;";

    @Test
    void drawsWhatTookLongerWiderAndOnWhatCalledIt() throws IOException {
        String svg = FlameGraph.draw(
                List.of(
                        LOOP + "org/minip2p/noise/A.seal;/tmp/libconscrypt_jni-1.so;/tmp/libconscrypt_jni-1.so 30",
                        LOOP + "org/minip2p/noise/A.seal 10",
                        LOOP + "io/netty/B.flush;ksys_write_[k] 60"),
                "Bulk & more");

        assertThat(svg)
                .startsWith("<svg ")
                .contains("<title>Bulk &amp; more</title>")
                .contains("<title>org/minip2p/noise/A.seal, 40.0 %</title><rect x=\"720.0\" y=\"75\" width=\"480.0\"")
                .contains("<title>libconscrypt, 30.0 %</title><rect x=\"720.0\" y=\"58\" width=\"360.0\"")
                .contains("<title>io/netty/B.flush, 60.0 %</title><rect x=\"0.0\" y=\"75\" width=\"720.0\"")
                .contains(">ksys_write</text>")
                .endsWith("</svg>\n");
    }

    @Test
    void leavesOutTheCompilerAndWhatIsTooNarrowToSee() throws IOException {
        String svg = FlameGraph.draw(
                List.of(LOOP + "a.b 998", LOOP + "c.d 2", "JavaThread::run;CompileBroker::compiler_thread_loop 5000"),
                "Bulk");

        assertThat(svg)
                .contains("all, 1000 samples")
                .contains("a.b, 99.8 %")
                .doesNotContain("c.d")
                .doesNotContain("Compile");
    }

    @Test
    void refusesWhatIsNoStack() {
        assertThatIOException()
                .isThrownBy(() -> FlameGraph.draw(List.of("a;b;c"), "Bulk"))
                .withMessage("expected frames and a count, got: a;b;c");
        assertThatIOException()
                .isThrownBy(() -> FlameGraph.draw(List.of("a;b many"), "Bulk"))
                .withMessage("expected frames and a count, got: a;b many");
    }
}
