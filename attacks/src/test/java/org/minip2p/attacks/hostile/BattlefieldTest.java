package org.minip2p.attacks.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.LoopbackHost;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.protocols.Ping;

/** The hostile peers reach a host in this process, and do what their descriptions say. */
class BattlefieldTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private volatile BlockingQueue<HostEvent> events = new LinkedBlockingQueue<>();
    private final HostMemory memory = HostMemory.ofThisMachine();
    private final Tally tally = new Tally();
    private Host host = start(HostConfig.defaults());

    private Host start(HostConfig config) {
        BlockingQueue<HostEvent> own = events;
        return LoopbackHost.builder(memory)
                .config(config)
                .listen("/ip4/127.0.0.1/tcp/0")
                .listener((host, event) -> own.add(event))
                .start()
                .join();
    }

    @BeforeEach
    void install() {
        Ping.install(host);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private InetSocketAddress victim() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                host.addresses().get(0).tcp().orElseThrow().port());
    }

    @Test
    void aNewcomerIsAnswered() throws Exception {
        Knock.ping(victim(), Battlefield.address(3), Identity.create(), tally);

        assertThat(tally.connections()).isOne();
        assertThat(events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        HostEvent.ConnectionEstablished.class,
                        up -> assertThat(up.connection().remoteAddress().toString())
                                .startsWith("/ip4/127.64.0.4/"));
    }

    @Test
    void aKeyOfP521IsAnIdentity() throws Exception {
        Identity slow = Identity.of(SlowKeys.p521());

        Knock.ping(victim(), Battlefield.address(1), slow, tally);

        assertThat(slow.key().type()).isEqualTo(KeyType.ECDSA);
    }

    @Test
    void addressesOfLoopbackCountAsOnTheOpenNetwork() throws Exception {
        host.close();
        host = start(HostConfig.defaults()
                .with(HostConfig.MAX_CONNECTIONS_PER_IP, 1)
                .with(HostConfig.MAX_CONNECTIONS_PER_IPV6_SITE, 2));
        Ping.install(host);

        try (Wire first = Wire.connect(victim(), Battlefield.address(1), tally).secure(Identity.create());
                Wire one =
                        Wire.connect(victim(), Battlefield.ofSite(7, 1), tally).secure(Identity.create());
                Wire two =
                        Wire.connect(victim(), Battlefield.ofSite(7, 2), tally).secure(Identity.create())) {
            assertThatIOException().isThrownBy(() -> knock(Battlefield.address(1)));
            assertThatIOException().isThrownBy(() -> knock(Battlefield.ofSite(7, 3)));
            knock(Battlefield.address(2));
            knock(Battlefield.ofSite(8, 3));
            assertThat(List.of(first, one, two)).hasSize(3);
        }
    }

    private void knock(InetAddress from) throws Exception {
        Knock.ping(victim(), from, Identity.create(), tally);
    }

    /** Both ends count a session that a flood ends. With the limit lifted, the session does not end. */
    @Test
    void rapidResetsEndSessionsUnlessTheLimitIsLifted() throws Exception {
        Attack attack = Attacks.named("rapid-resets");
        // Repeats the attack, because a slow machine may need more than one. The host also reports the end after an
        // attack.
        long begun = System.nanoTime();
        while (errors() == 0 && System.nanoTime() - begun < PATIENCE.toNanos()) {
            attack.run(new Battlefield(victim(), SHORT, tally));
        }
        assertThat(tally.blows()).isPositive();
        assertThat(errors()).isPositive();

        host.close();
        HostConfig lifted = HostConfig.defaults();
        for (Map.Entry<String, String> setting : attack.description().lifted().entrySet()) {
            lifted = lifted.with(setting.getKey(), setting.getValue());
        }
        events = new LinkedBlockingQueue<>(); // an event of the host before may still come
        host = start(lifted);
        Ping.install(host);
        attack.run(new Battlefield(victim(), SHORT, new Tally()));

        assertThat(errors()).isZero();
    }

    private long errors() {
        return events.stream()
                .filter(event -> event instanceof HostEvent.ConnectionClosed closed
                        && !closed.cause().isClean()
                        && closed.cause().toString().contains("resets"))
                .count();
    }

    /** Each attack reaches a host, whatever the host does with it. */
    @ParameterizedTest
    @ValueSource(strings = {"zeros", "bad-frames", "broken-handshakes", "identify-pushes", "unread-pongs"})
    void eachStrikesAndLeavesTheHostServing(String name) throws Exception {
        Attacks.named(name).run(new Battlefield(victim(), SHORT, tally));

        assertThat(tally.blows()).isPositive();
        assertThat(tally.bytes()).isPositive();
        knock(Battlefield.address(200));
    }

    @Test
    void isOverWhenItsTimeIs() throws Exception {
        Battlefield field = new Battlefield(victim(), Duration.ZERO, tally);

        field.strike(4, thread -> tally.struck(1));

        assertThat(field.isOver()).isTrue();
        assertThat(tally.blows()).isZero();
    }
}
