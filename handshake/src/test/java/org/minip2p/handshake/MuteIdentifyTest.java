package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.protocols.Identify;

/** SEC-G1, SEC-G16: nothing depends on Identify. */
class MuteIdentifyTest {
    @ParameterizedTest(name = "dialed by the one that asks: {0}")
    @ValueSource(booleans = {true, false})
    void completesWithAPeerThatNeverAnswersIdentify(boolean isDialedByUs) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Node node = Node.start();
                Node mute = Node.start()) {
            Identify identify = Identify.install(node.host, "test");
            mute.host.handle(Identify.ID, HALF_OPEN, stream -> asked.incrementAndGet());

            var unused = isDialedByUs ? node.dial(mute.host) : mute.dial(node.host);

            assertThat(node.next(Completed.class).initiatedByUs()).isEqualTo(isDialedByUs);
            assertThat(mute.next(Completed.class).initiatedByUs()).isNotEqualTo(isDialedByUs);
            Node.eventually("not asked", () -> asked.get() == 1);
            assertThat(identify.known(mute.id())).isEmpty();
        }
    }

    @Test
    void completesWithAPeerThatDoesNotSpeakIdentify() throws Exception {
        try (Node node = Node.start();
                Node other = Node.start()) {
            Identify identify = Identify.install(node.host, "test");

            var unused = node.dial(other.host);

            node.next(Completed.class);
            other.next(Completed.class);
            assertThat(identify.known(other.id())).isEmpty();
        }
    }
}
