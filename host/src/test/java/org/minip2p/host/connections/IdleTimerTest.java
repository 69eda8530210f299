package org.minip2p.host.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;

import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.Hosts;
import org.minip2p.host.Lease;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.recording.Recorder;
import org.minip2p.host.streams.ProtocolRegistry;
import org.minip2p.host.streams.StreamFailures;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.host.streams.StreamWatch;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.noise.SecureSession;
import org.minip2p.yamux.YamuxConfig;

/**
 * One connection on a channel in memory, with a clock that the test controls. The parts that connections share are
 * those of a host.
 */
class IdleTimerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long NONE = -1;
    private static final ConnectionFactory FACTORY = new ConnectionFactory(
            YamuxConfig.defaults().with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ZERO),
            new HostMemory(1 << 20),
            new StreamNegotiation(
                    new ProtocolRegistry(),
                    MultistreamConfig.defaults(),
                    Duration.ofSeconds(10),
                    128,
                    protocol -> true,
                    new StreamWatch(new StreamFailures(null), new HostMeter(null, Recorder.ofJvm(), System::nanoTime))),
            new ConnectionTimeouts(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(7),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30)),
            System::nanoTime);

    private final Hosts hosts = new Hosts();
    private final WatchedChannel channel = new WatchedChannel();
    private final List<CloseCause.Reason> ends = new ArrayList<>();
    private EstablishedConnection connection;

    @BeforeEach
    void connect() {
        Host listener = hosts.start(Host.builder().listen(LOOPBACK));
        Host host = hosts.start(Host.builder());
        Connection real = await(host.dial(address(listener)));
        SecureSession session =
                new SecureSession(host.peerId(), real.remotePeer(), real.remoteKey(), Optional.of("/yamux/1.0.0"));
        UndecidedConnection undecided = FACTORY.connection(channel, Role.INITIATOR, session, () -> {}, null);
        channel.freezeTime();
        channel.pipeline().addLast(undecided.muxer());
        connection = undecided.admit(System.nanoTime());
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        hosts.close();
    }

    @Test
    void isOneHoweverOftenTheConnectionWasInUse() throws Exception {
        start();
        try (Lease lease = connection.hold()) {
            assertThat(lease).isNotNull();
            advance(3 * SECOND);
            connection.supersede();
            connection.supersede();
            advance(0);
            int watchers = channel.watchers;

            for (int round = 0; round < 20; round++) {
                assertThat(nextTimer()).isEqualTo(7 * SECOND);
                advance(7 * SECOND);
            }

            assertThat(channel.watchers)
                    .as("listeners to the end of the channel")
                    .isEqualTo(watchers);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void isGoneWithTheConnection() {
        start();
        assertThat(nextTimer()).isPositive();

        connection.closeNow(CloseCause.of(CloseCause.Reason.LOCAL));
        advance(0);

        assertThat(ends).containsExactly(CloseCause.Reason.LOCAL);
        assertThat(nextTimer()).isEqualTo(NONE);
        connection.supersede();
        advance(0);
        assertThat(nextTimer()).isEqualTo(NONE);
    }

    @Test
    void doesNotBeginWhenTheConnectionHasEndedBeforeItsStart() {
        connection.closeNow(CloseCause.of(CloseCause.Reason.LOCAL));
        advance(0);
        assertThat(ends).isEmpty();

        start();

        assertThat(ends).containsExactly(CloseCause.Reason.LOCAL);
        assertThat(nextTimer()).isEqualTo(NONE);
    }

    private void start() {
        connection.start((ended, cause) -> ends.add(cause.reason()));
        advance(0);
    }

    private void advance(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
    }

    /** How long until the next timer of the channel's event loop, in nanoseconds. */
    private long nextTimer() {
        return channel.runScheduledPendingTasks();
    }

    /** Counts the calls of its {@code closeFuture()}. */
    private static final class WatchedChannel extends EmbeddedChannel {
        int watchers;

        @Override
        public ChannelFuture closeFuture() {
            watchers++;
            return super.closeFuture();
        }
    }
}
