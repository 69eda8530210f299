package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.failure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.ConnectionClosed;
import org.minip2p.host.HostEvent.ConnectionEstablished;
import org.minip2p.host.HostEvent.IncomingConnectionFailed;
import org.minip2p.host.Hosts.Recorder;
import org.minip2p.host.Relay.Passage;
import org.minip2p.host.Relay.Then;

/**
 * Peers whose bytes arrive one by one, in each stage. One absolute deadline ends them, and no byte prolongs it. SEC-3
 */
class DripTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final HostConfig IMPATIENT = HostConfig.defaults()
            .with(HostConfig.UPGRADE_TIMEOUT, DEADLINE)
            .with(HostConfig.IDLE_TIMEOUT, DEADLINE)
            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(50));
    private static final HostConfig PATIENT =
            HostConfig.defaults().with(HostConfig.UPGRADE_TIMEOUT, Duration.ofSeconds(30));

    /** With these settings, the muxer is negotiated after the handshake, and each side waits for the other. */
    private static final HostConfig STEP_BY_STEP = PATIENT.with(HostConfig.EARLY_MUXER_NEGOTIATION, false);

    private final Hosts hosts = new Hosts();
    private final List<Relay> relays = new ArrayList<>();

    /** The first connection of a process takes longer than later ones. */
    @BeforeEach
    void warmUp() {
        Host server = hosts.listener(STEP_BY_STEP);
        await(hosts.start(Host.builder().config(STEP_BY_STEP)).dial(Hosts.address(server)));
    }

    @AfterEach
    void closeHosts() {
        relays.forEach(Relay::close);
        hosts.close();
    }

    @Test
    @Conforms({"CON-1", "CON-12", "CON-13", "MSS-26", "NOI-52"})
    void endsEachSlowDialerAtTheDeadline() throws Exception {
        Recorder recorder = new Recorder();
        Host server =
                hosts.start(Host.builder().config(IMPATIENT).listen(LOOPBACK).listener(recorder));
        // The numbers of bytes that pass at once. The dialer sends up to 62 bytes before an answer, and up to 232 (or
        // 248) after one.
        dripFromDialer(server, PATIENT, 0);
        dripFromDialer(server, PATIENT, 30);
        dripFromDialer(server, PATIENT, 80);
        dripFromDialer(server, STEP_BY_STEP, 240);
        dripFromDialer(server, PATIENT, 255);

        assertThatEachEndsAtTheDeadline();
        Map<String, Integer> stages = new HashMap<>();
        for (int i = 0; i < 6; i++) {
            HostEvent event = recorder.next(HostEvent.class);
            if (event instanceof IncomingConnectionFailed failed) {
                String text = String.valueOf(failed.error().getMessage());
                stages.merge(text.substring(text.lastIndexOf(' ') + 1), 1, Integer::sum);
            } else if (event instanceof ConnectionClosed closed) {
                // After the upgrade, the idle time-out applies, and no dripping byte prolongs it.
                stages.merge(closed.cause().reason().name(), 1, Integer::sum);
            } else {
                assertThat(event).isInstanceOf(ConnectionEstablished.class);
            }
        }
        assertThat(stages)
                .containsOnly(
                        Map.entry("NEGOTIATING_SECURITY", 1),
                        Map.entry("SECURING", 2),
                        Map.entry("NEGOTIATING_MUXER", 1),
                        Map.entry("IDLE", 1));
    }

    @Test
    @Conforms("CON-12")
    void endsEachSlowListenerAtTheDeadline() {
        Host server = hosts.start(Host.builder().config(PATIENT).listen(LOOPBACK));
        HostConfig waiting =
                IMPATIENT.with(HostConfig.EARLY_MUXER_NEGOTIATION, false).with(HostConfig.PIPELINING, false);

        CompletableFuture<Connection> security = dripFromListener(server, waiting, 0);
        CompletableFuture<Connection> noise = dripFromListener(server, IMPATIENT, 60);
        CompletableFuture<Connection> muxer = dripFromListener(server, waiting, 250);

        assertThat(failure(security)).hasMessageContaining("NEGOTIATING_SECURITY");
        assertThat(failure(noise)).hasMessageContaining("SECURING");
        assertThat(failure(muxer)).hasMessageContaining("NEGOTIATING_MUXER");
        assertThatEachEndsAtTheDeadline();
    }

    private void dripFromDialer(Host server, HostConfig config, int bytes) {
        Relay relay = relay(server, new Passage(bytes, Relay.ALL, Then.DRIP));
        hosts.start(Host.builder().config(config))
                .dial(relay.address(server))
                .thenAccept(connection -> connection.openStream(ECHO, stream -> {}));
    }

    private CompletableFuture<Connection> dripFromListener(Host server, HostConfig config, int bytes) {
        Relay relay = relay(server, new Passage(Relay.ALL, bytes, Then.DRIP));
        return hosts.start(Host.builder().config(config)).dial(relay.address(server));
    }

    private Relay relay(Host server, Passage passage) {
        Relay relay = new Relay(server, passage);
        relays.add(relay);
        return relay;
    }

    private void assertThatEachEndsAtTheDeadline() {
        for (Relay relay : relays) {
            // If bytes prolonged the deadline, most of these connections would live longer than this.
            assertThat(await(relay.firstEnd()))
                    .isGreaterThan(DEADLINE.multipliedBy(9).dividedBy(10))
                    .isLessThan(DEADLINE.multipliedBy(4));
        }
    }
}
