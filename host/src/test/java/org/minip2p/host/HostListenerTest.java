package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostListenerTest {
    private record Told(Host host, HostEvent event) {}

    private final Hosts hosts = new Hosts();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final HostListener listener = (host, event) -> told.add(new Told(host, event));

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void servesSeveralHostsAndIsToldWhoseEventItIs() throws Exception {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).listener(listener));
        Host client = hosts.dialer();
        client.addListener(listener);

        Connection connection = await(client.dial(address(server)));

        awaitTrue("both are told", () -> told.size() == 2);
        assertThat(told).allSatisfy(each -> {
            assertThat(each.event).isInstanceOf(HostEvent.ConnectionEstablished.class);
            Connection established = ((HostEvent.ConnectionEstablished) each.event).connection();
            assertThat(established.remotePeer()).isEqualTo(each.host == client ? server.peerId() : client.peerId());
            assertThat(each.host.connections()).contains(established);
        });
        assertThat(told).extracting(Told::host).containsExactlyInAnyOrder(server, client);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void isToldAsOftenAsItWasAddedAndNoMoreOnceItIsRemoved() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        client.addListener(listener);
        client.addListener(listener);
        client.removeListener((host, event) -> {}); // it was never added
        Hosts.Recorder last = new Hosts.Recorder();
        client.addListener(last);

        Connection connection = await(client.dial(address(server)));
        last.next(HostEvent.ConnectionEstablished.class);
        assertThat(told).hasSize(2);
        client.removeListener(listener);
        await(connection.close());
        last.next(HostEvent.ConnectionClosed.class);
        assertThat(told).hasSize(3);
        client.removeListener(listener);
        await(client.dial(address(server)));
        last.next(HostEvent.ConnectionEstablished.class);

        assertThat(told).hasSize(3);
    }

    @Test
    @SuppressWarnings("NullAway")
    void isNotNull() {
        assertThatThrownBy(() -> Host.builder().listener(null)).isInstanceOf(NullPointerException.class);
        Host host = hosts.dialer();
        assertThatThrownBy(() -> host.addListener(null)).isInstanceOf(NullPointerException.class);
    }
}
