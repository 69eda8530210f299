package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.KeptConnection.State;

class KeepConnectedTest {
    private static final HostConfig QUICK = HostConfig.defaults()
            .with(HostConfig.RECONNECT_DELAY, Duration.ofMillis(20))
            .with(HostConfig.MAX_RECONNECT_DELAY, Duration.ofMillis(100));

    private final Hosts hosts = new Hosts();
    private final PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    private final PeerId peer = PeerId.of(key.publicKey());
    private final List<State> told = new CopyOnWriteArrayList<>();
    private final KeptConnection.Listener listener = (kept, state) -> told.add(state);

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    private Host server() {
        return hosts.start(Host.builder().identity(key).listen(Hosts.LOOPBACK));
    }

    private Host client() {
        return hosts.start(Host.builder().config(QUICK));
    }

    private static boolean isConnected(KeptConnection kept) {
        return kept.state() instanceof State.Connected connected
                && connected.connection().isOpen();
    }

    private List<String> kinds() {
        return told.stream().map(state -> state.getClass().getSimpleName()).toList();
    }

    @Test
    void connectsAndSaysSo() throws Exception {
        Host server = server();
        Host client = client();
        client.addressBook().add(peer, address(server));

        KeptConnection kept = client.keepConnected(peer, listener);

        awaitTrue("connected", () -> isConnected(kept));
        awaitTrue("told", () -> told.size() == 2);
        assertThat(told.get(0)).isInstanceOf(State.Connecting.class);
        assertThat(told.get(1))
                .isEqualTo(new State.Connected(client.connections(peer).get(0)));
    }

    @Test
    void takesTheConnectionThatIsThere() throws Exception {
        Host server = server();
        Host client = client();
        Connection there = await(client.dial(address(server)));

        KeptConnection kept = client.keepConnected(peer);

        awaitTrue("connected", () -> kept.state().equals(new State.Connected(there)));
        assertThat(client.connections()).hasSize(1);
    }

    @Test
    void findsAPeerThatWasRestartedOnAnotherPortThroughTheBook() throws Exception {
        Host first = server();
        Host client = client();
        client.addressBook().add(peer, address(first));
        KeptConnection kept = client.keepConnected(peer, listener);
        awaitTrue("connected", () -> isConnected(kept));

        await(first.closeAsync());
        awaitTrue("told of the loss", () -> kinds().contains("Waiting"));
        awaitTrue("failed attempts", () -> kept.state() instanceof State.Waiting waiting && waiting.failures() >= 3);
        Host second = server();
        client.addressBook().add(peer, address(second));

        awaitTrue("connected again", () -> isConnected(kept));
        awaitTrue("told", () -> told.size() == 4);
        assertThat(kinds()).containsExactly("Connecting", "Connected", "Waiting", "Connected");
        assertThat(client.connections(peer).get(0).remoteAddress())
                .isEqualTo(address(second).withoutPeerId());
    }

    @Test
    void survivesManyRestartsOnOnePort() throws Exception {
        String address = "/ip4/127.0.0.1/tcp/" + FreePort.find();
        Host server = hosts.start(Host.builder().identity(key).listen(address));
        Host client = client();
        client.addressBook().add(peer, Multiaddr.parse(address));
        KeptConnection kept = client.keepConnected(peer);

        for (int i = 0; i < 5; i++) {
            awaitTrue("connected " + i, () -> isConnected(kept));
            await(server.closeAsync());
            server = hosts.start(Host.builder().identity(key).listen(address));
        }
        awaitTrue("connected at last", () -> isConnected(kept));
    }

    @Test
    void waitsForAnAddressAndForAPeerThatComesByItself() throws Exception {
        Host server = server();
        Host client = hosts.start(Host.builder().config(QUICK).listen(Hosts.LOOPBACK));
        KeptConnection kept = client.keepConnected(peer, listener);
        awaitTrue("waits", () -> kept.state() instanceof State.Waiting);
        assertThat(((State.Waiting) kept.state()).cause()).containsInstanceOf(NoKnownAddressException.class);

        await(server.dial(address(client)));

        awaitTrue("connected", () -> isConnected(kept));
    }

    @Test
    void holdsTheConnectionUntilTheLastOneIsClosed() throws Exception {
        Host server = hosts.start(Host.builder()
                .identity(key)
                .listen(Hosts.LOOPBACK)
                .config(HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ZERO)));
        Host client = hosts.start(Host.builder().config(QUICK.with(HostConfig.IDLE_TIMEOUT, Duration.ofMillis(50))));
        client.addressBook().add(peer, address(server));
        KeptConnection one = client.keepConnected(peer);
        KeptConnection other = client.keepConnected(peer);
        awaitTrue("connected", () -> isConnected(one) && isConnected(other));
        Connection connection = client.connections(peer).get(0);

        one.close();
        one.close();
        assertThat(one.state()).isInstanceOf(State.Closed.class);
        // A connection that nobody holds ends within the idle time-out. The end of this other one shows that the time
        // has passed.
        Host third = hosts.listener();
        await(await(client.dial(address(third))).closed());
        assertThat(connection.isOpen()).isTrue();
        assertThat(isConnected(other)).isTrue();

        other.close();

        assertThat(await(connection.closed()).reason()).isEqualTo(CloseCause.Reason.IDLE);
        assertThat(other.toString()).contains(peer.toString());
        assertThat(other.peer()).isEqualTo(peer);
    }

    @Test
    void comesBackWhenThePeerClosesAndWhenTheApplicationDoes() throws Exception {
        Host server = server();
        Host client = client();
        client.addressBook().add(peer, address(server));
        KeptConnection kept = client.keepConnected(peer);
        awaitTrue("connected", () -> isConnected(kept));
        Connection first = client.connections(peer).get(0);

        await(first.close());
        awaitTrue("another", () -> isConnected(kept) && !kept.state().equals(new State.Connected(first)));
        awaitTrue("at the server", () -> server.connection(client.peerId()).isPresent());
        Connection second = client.connections(peer).get(0);
        await(server.connection(client.peerId()).orElseThrow().close());

        awaitTrue("a third", () -> isConnected(kept) && !kept.state().equals(new State.Connected(second)));
    }

    @Test
    void aListenerThatThrowsKeepsNothingFromItsWay() throws Exception {
        Host server = server();
        Host client = client();
        client.addressBook().add(peer, address(server));

        KeptConnection kept = client.keepConnected(peer, (one, state) -> {
            throw new AssertionError("a test throws this");
        });

        awaitTrue("connected", () -> isConnected(kept));
        await(client.connections(peer).get(0).close());
        awaitTrue("connected again", () -> isConnected(kept));
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullItselfAndAClosedHost() throws Exception {
        Host client = client();
        KeptConnection kept = client.keepConnected(peer, listener);
        assertThatThrownBy(() -> client.keepConnected(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> client.keepConnected(peer, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> client.keepConnected(client.peerId()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(client.peerId().toString());

        await(client.closeAsync());

        assertThat(kept.state()).isInstanceOf(State.Closed.class);
        awaitTrue("told of the end", () -> kinds().contains("Closed"));
        assertThatThrownBy(() -> client.keepConnected(peer)).isInstanceOf(HostClosedException.class);
        kept.close();
        assertThat(kinds()).endsWith("Closed").containsOnlyOnce("Closed");
    }
}
