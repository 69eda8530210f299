package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.host.Connection;

/** The handshake between two hosts on real sockets. */
class NodeInfoHandshakeTest {
    /** NIF-16, NIF-18, NIF-21. */
    @Test
    void completesOnceOnBothSidesAfterOneDial() throws Exception {
        NodeInfo listeners = NodeInfo.of(Node.INFO.networkId());
        try (Node dialer = Node.start();
                Node listener = Node.start(() -> listeners, Node.NO_HURRY)) {
            Connection connection = dialer.dial(listener.host);

            Completed atDialer = dialer.next(Completed.class);
            Completed atListener = listener.next(Completed.class);

            assertThat(atDialer.peerId()).isEqualTo(listener.id());
            assertThat(atDialer.theirInfo()).isEqualTo(listeners);
            assertThat(atDialer.connectionId()).isEqualTo(connection.id());
            assertThat(atDialer.initiatedByUs()).isTrue();
            assertThat(atDialer.duration()).isPositive();
            assertThat(atListener.peerId()).isEqualTo(dialer.id());
            assertThat(atListener.theirInfo()).isEqualTo(Node.INFO);
            assertThat(atListener.initiatedByUs()).isFalse();
            assertThat(connection.isOpen()).isTrue();

            dialer.disconnect();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    /** NIF-20, NIF-22: the responder answers, so both learn why; the initiator closes. */
    @Test
    void tellsBothSidesOfAnotherNetworkAndCloses() throws Exception {
        try (Node dialer = Node.start();
                Node listener = Node.start(() -> Node.OTHER_NETWORK, Node.NO_HURRY)) {
            Connection connection = dialer.dial(listener.host);

            Failed atDialer = dialer.next(Failed.class);
            Failed atListener = listener.next(Failed.class);

            assertThat(atDialer.reason()).isEqualTo(new FailureReason.NetworkMismatch("0x00000502", "0x00000001"));
            assertThat(atDialer.initiatedByUs()).isTrue();
            assertThat(atListener.reason()).isEqualTo(new FailureReason.NetworkMismatch("0x00000001", "0x00000502"));
            assertThat(atListener.initiatedByUs()).isFalse();
            assertThat(atDialer.reason().isPermanent()).isTrue();
            Node.get(connection.closed());
            dialer.awaitNoPeers();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }
}
