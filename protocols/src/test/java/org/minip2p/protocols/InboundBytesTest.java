package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Varint;
import org.minip2p.protocols.pb.IdentifyMessage;

/** SEC-H2: the bytes that are being read from peers are limited, for each peer and in total. */
class InboundBytesTest {
    private final PeerId peer = someone();
    private final PeerId other = someone();
    private final InboundBytes bytes = new InboundBytes(100, 60);

    /** A share that is large enough for everything that a test reads. */
    static InboundBytes.Share plenty() {
        return new InboundBytes(Long.MAX_VALUE, Long.MAX_VALUE).share(someone());
    }

    @Test
    void giveOnePeerNoMoreThanItsPartHoweverManyStreamsItHas() {
        assertThat(bytes.share(peer).tryTake(40)).isTrue();

        assertThat(bytes.share(peer).tryTake(21)).isFalse();
        assertThat(bytes.share(peer).tryTake(20)).isTrue();
        assertThat(bytes.share(other).tryTake(40)).isTrue();
        assertThat(bytes.share(someone()).tryTake(1)).as("all bytes are taken").isFalse();
        assertThat(bytes.bytes()).isEqualTo(100);
    }

    @Test
    void comeBackOnceWhenAStreamHasBeenRead() {
        InboundBytes.Share share = bytes.share(peer);
        share.tryTake(40);
        share.tryTake(20);

        share.close();
        share.close();

        assertThat(bytes.bytes()).isZero();
        assertThat(share.tryTake(1)).as("the share is closed").isFalse();
        assertThat(bytes.share(peer).tryTake(60)).isTrue();
    }

    @Test
    void areTakenBeforeAMessageIsReadAndComeBackHoweverThatEnds() {
        int size = 1000;
        InboundBytes room = new InboundBytes((long) size * IdentifyReader.HEAP_BYTES_PER_BYTE, Long.MAX_VALUE);
        CompletableFuture<IdentifyMessage> first = new CompletableFuture<>();
        CompletableFuture<IdentifyMessage> second = new CompletableFuture<>();
        EmbeddedStream reading = new EmbeddedStream(new IdentifyReader(first, room.share(peer)));
        EmbeddedStream refused = new EmbeddedStream(new IdentifyReader(second, room.share(other)));

        reading.writeInbound(Unpooled.wrappedBuffer(Varint.encode(size)));
        refused.writeInbound(Unpooled.wrappedBuffer(Varint.encode(1)));

        assertThat(room.bytes()).isEqualTo((long) size * IdentifyReader.HEAP_BYTES_PER_BYTE);
        assertThat(second)
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        IdentifyFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentifyFailedException.Reason.NO_ROOM));
        reading.close();
        assertThat(first).isCompletedExceptionally();
        assertThat(room.bytes()).isZero();
        refused.close();
    }

    private static PeerId someone() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }
}
