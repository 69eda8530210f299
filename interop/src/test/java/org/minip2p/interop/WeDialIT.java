package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;
import org.minip2p.host.Connection;

/** Our node dials each peer. */
@ParameterizedClass(name = "{0}")
@EnumSource(Peers.class)
class WeDialIT {
    @Parameter
    Peers peer;
    static PeerProcess listener;
    static String address;
    private OurNode node;

    @BeforeParameterizedClassInvocation
    static void startPeer(Peers peer) {
        peer.assumeBuilt();
        listener = peer.listen();
        address = listener.awaitListening().texts("addresses").get(0);
    }

    @AfterParameterizedClassInvocation
    static void stopPeer() {
        if (listener != null) listener.close();
    }

    @org.junit.jupiter.api.BeforeEach
    void start() { node = OurNode.start(); }
    @AfterEach
    void stop() { node.close(); }

    @Test
    void ping() {
        Connection connection = node.dial(address);
        for (int i = 0; i < 3; i++) {
        Duration rtt = OurNode.await(node.ping().ping(connection));
        assertThat(rtt).isPositive();
        }
        System.out.println(OurNode.await(node.identify().identify(connection)));
        for (int size : new int[] {1, 65519, 65520, 5<<20})
        System.out.println(OurNode.await(node.request(connection, OurNode.ECHO, size)));
        System.out.println(OurNode.await(node.request(connection, OurNode.HALF, 100000)).text());
    }
    @Test
    void theyPing() {
        for (String op : new String[]{"ping --count 3", "identify", "echo --size 1", "echo --size 5242880", "half --size 100000"}) {
          String[] p = op.split(" ");
        JsonLine result = peer.dial(node.address(), p[0], java.util.Arrays.copyOfRange(p, 1, p.length));
        System.out.println(result);
        assertThat(result.ok()).as("%s", result).isTrue();
        }
    }
}
