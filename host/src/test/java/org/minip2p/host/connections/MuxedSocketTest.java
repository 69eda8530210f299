package org.minip2p.host.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.ref.WeakReference;
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

    /** The host's memory lists a connection that has held bytes. It must not keep one that has ended. */
    @Test
    void isForgottenByTheMemoryOfTheHostWhenItHasEnded() throws Exception {
        HostMemory memory = new HostMemory(1 << 20);
        WeakReference<MuxedSocket> ended = endedSocket(memory);

        for (int i = 0; i < 100 && ended.get() != null; i++) {
            System.gc();
            Thread.sleep(10); // the collector needs a moment
        }

        assertThat(ended.get()).isNull();
        assertThat(memory.heldBytes()).isZero();
    }

    private static WeakReference<MuxedSocket> endedSocket(HostMemory memory) {
        EmbeddedChannel channel = new EmbeddedChannel();
        MuxedSocket socket = new MuxedSocket(
                1,
                channel,
                Role.RESPONDER,
                YamuxConfig.defaults(),
                memory,
                new ConnectionTimeouts(TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT),
                new Uses(System::nanoTime));
        channel.pipeline().addLast(socket.muxer());
        socket.keep(1);
        socket.keep(-1);
        channel.close();
        channel.runPendingTasks();
        return new WeakReference<>(socket);
    }
}
