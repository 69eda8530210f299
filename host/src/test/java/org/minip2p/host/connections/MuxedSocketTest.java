package org.minip2p.host.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.streams.Uses;
import org.minip2p.yamux.YamuxConfig;

/** The code that limits the time of an upgrade is told exactly once that it can stop. */
class MuxedSocketTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final MuxedSocket socket = new MuxedSocket(
            1,
            channel,
            Role.RESPONDER,
            YamuxConfig.defaults(),
            new HostMemory(1 << 20),
            new ConnectionTimeouts(TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT),
            new Uses(System::nanoTime));
    private final List<String> told = new ArrayList<>();

    MuxedSocketTest() {
        channel.pipeline().addLast(socket.muxer());
        socket.whenDecided(() -> told.add("decided"));
    }

    @Test
    void tellsThatItHasEndedBeforeAnythingWasDecided() {
        channel.close();
        channel.runPendingTasks();

        assertThat(told).containsExactly("decided");
        socket.decided();
        assertThat(told).containsExactly("decided");
    }

    @Test
    void tellsOfTheDecisionAndNotOfTheEndBehindIt() {
        socket.decided();
        assertThat(told).containsExactly("decided");

        channel.close();
        channel.runPendingTasks();

        assertThat(told).containsExactly("decided");
    }
}
