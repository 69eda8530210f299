package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class StreamTest {
    @Test
    void carriesBytesBothWaysAndClosesWhenBothEndsHaveSentFin() {
        try (Pair pair = new Pair()) {
            YamuxStreamChannel stream = pair.initiator.open();
            End.send(stream, "hello");
            pair.pump();
            YamuxStreamChannel other = pair.other(stream);
            End.send(other, "world");
            pair.pump();
            stream.shutdownOutput();
            pair.pump();

            assertThat(pair.responder.recorder(1).text).hasToString("hello");
            assertThat(pair.responder.recorder(1).events).containsExactly("active", "input-shutdown");
            assertThat(pair.initiator.recorder(1).text).hasToString("world");
            assertThat(stream.isOpen()).isTrue();

            other.close();
            pair.pump();

            assertThat(stream.isOpen()).isFalse();
            assertThat(other.isOpen()).isFalse();
            assertThat(pair.initiator.recorder(1).events).containsExactly("active", "input-shutdown", "inactive");
            assertThat(pair.initiator.yamux.openStreams()).isZero();
            assertThat(pair.responder.yamux.openStreams()).isZero();
        }
    }
}
