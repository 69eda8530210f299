package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.booleans;
import static org.minip2p.core.testing.Generator.integers;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.RawPeer;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.TestTransport;
import org.minip2p.noise.TransportState;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * Reads as a Netty channel reads from a socket: it asks for a buffer, fills it with the available bytes, and fires it.
 */
@SuppressWarnings("FutureReturnValueIgnored")
class ReceiveBuffersTest {
    /** Does the same as a socket's channel, with given bytes instead of a socket. */
    private static final class Reader implements AutoCloseable {
        final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        final ReceiveBuffers buffers = new ReceiveBuffers();
        final TransportState remote;
        final Tail tail = new Tail();
        final EmbeddedChannel channel;
        int readBytes;

        Reader(NoiseConfig config) {
            TransportState[] pair = TestTransport.pair(config);
            remote = pair[0];
            channel = new EmbeddedChannel();
            channel.config().setAllocator(allocator);
            channel.config().setRecvByteBufAllocator(buffers);
            channel.pipeline().addLast(new NoiseTransportHandler(pair[1], tail), tail);
        }

        /** One readiness of the socket, with this many bytes to read. */
        void read(byte[] wire, int from, int length) {
            buffers.reset(channel.config());
            int done = 0;
            do {
                ByteBuf buffer = buffers.allocate(allocator);
                int count = Math.min(buffer.writableBytes(), length - done);
                buffers.attemptedBytesRead(buffer.writableBytes());
                buffer.writeBytes(wire, from + done, count);
                buffers.lastBytesRead(count);
                if (count == 0) {
                    buffer.release();
                    break;
                }
                buffers.incMessagesRead(1);
                done += count;
                readBytes += buffer.readableBytes();
                channel.pipeline().fireChannelRead(buffer);
            } while (done < length);
            buffers.readComplete();
            channel.pipeline().fireChannelReadComplete();
        }

        void read(byte[] wire) {
            read(wire, 0, wire.length);
        }

        int capacityOfTheNext() {
            ByteBuf next = buffers.allocate(allocator);
            int capacity = next.capacity();
            next.release();
            return capacity;
        }

        long memory() {
            return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        }

        @Override
        public void close() {
            channel.finishAndReleaseAll();
            channel.checkException();
            assertThat(memory()).isZero();
        }
    }

    /** Receives the decrypted data. */
    private static final class Tail extends ChannelInboundHandlerAdapter implements SecureChannelListener {
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final List<Libp2pException> failures = new ArrayList<>();
        final List<Integer> kept = new ArrayList<>();

        @Override
        public void memoryKept(int change) {
            kept.add(change);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf data = (ByteBuf) message;
            while (data.isReadable()) {
                received.write(data.readByte());
            }
            data.release();
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            throw new AssertionError("secured " + session);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            failures.add(cause);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] seal(Reader reader, int... lengths) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int length : lengths) {
            all.writeBytes(RawPeer.seal(reader.remote, random(length)));
        }
        return all.toByteArray();
    }

    @Test
    @Conforms({"NOI-24", "NOI-26"})
    void whatWasSentArrivesHoweverTheSocketIsRead() {
        Property.holds(40, draw -> {
            List<Integer> frames = draw.of("frames", integers(1, 65_519).list(1, 8));
            List<Integer> pieces = draw.of("pieces", integers(1, 140_000).list(1, 5));
            boolean isDirect = draw.of("direct", booleans());
            NoiseConfig config = isDirect ? DirectAead.config() : NoiseConfig.defaults();
            try (Reader reader = new Reader(config)) {
                ByteArrayOutputStream sent = new ByteArrayOutputStream();
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                for (int length : frames) {
                    sent.writeBytes(random(length));
                    wire.writeBytes(RawPeer.seal(reader.remote, random(length)));
                }

                byte[] all = wire.toByteArray();
                int piece = 0;
                for (int from = 0; from < all.length; piece++) {
                    int length = Math.min(pieces.get(piece % pieces.size()) + piece, all.length - from);
                    reader.read(all, from, length);
                    from += length;
                }

                assertThat(reader.tail.received.toByteArray()).isEqualTo(sent.toByteArray());
                assertThat(reader.readBytes).as("each byte is readable once").isEqualTo(all.length);
            }
        });
    }

    @Test
    void tellsWhatItKeepsOfAFrameBetweenTwoReadsAndNothingOfWholeOnes() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 1_000, 500);
            reader.read(wire, 0, 1);
            assertThat(reader.tail.kept)
                    .as("a byte of the length keeps no buffer")
                    .isEmpty();
            reader.read(wire, 1, 300);
            reader.read(wire, 301, 1);
            assertThat(reader.tail.kept).containsExactly(2_048);

            reader.read(wire, 302, wire.length - 302);

            assertThat(reader.tail.kept).containsExactly(2_048, -2_048);
            reader.read(seal(reader, 10, 2_000));
            assertThat(reader.tail.kept).hasSize(2);
        }
    }

    /** For a cipher that needs arrays, the received bytes are copied to where the whole frame will be. */
    @Test
    void tellsWhatItKeepsOfAFrameThatIsCopiedTogether() throws Exception {
        try (Reader reader = new Reader(NoiseConfig.defaults().withCrypto(NoiseCrypto.bouncyCastle()))) {
            byte[] wire = seal(reader, 1_000);
            reader.read(wire, 0, 300);
            reader.read(wire, 300, wire.length - 300);

            assertThat(reader.tail.kept).containsExactly(1_016, -1_016);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "removal", "failure"})
    void tellsThatItKeepsNothingWhenItIsOver(String how) throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 1_000);
            reader.read(wire, 0, 300);
            switch (how) {
                case "end" -> reader.channel.close();
                case "removal" -> reader.channel.pipeline().remove(NoiseTransportHandler.class);
                default -> {
                    wire[700] ^= 1;
                    reader.read(wire, 300, wire.length - 300);
                    assertThat(reader.tail.failures).hasSize(1);
                }
            }

            assertThat(reader.tail.kept).containsExactly(2_048, -2_048);
            assertThat(reader.memory()).isZero();
        }
    }

    @Test
    void aFrameThatArrivesInPartsIsOpenedWhereItBegan() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 1_000);
            reader.read(wire, 0, 300);
            long held = reader.memory();
            reader.read(wire, 300, 1);
            reader.read(wire, 301, wire.length - 301);

            assertThat(held).as("one buffer and nothing else").isEqualTo(2_048);
            assertThat(reader.tail.received.toByteArray()).isEqualTo(random(1_000));
            assertThat(reader.memory()).isZero();
        }
    }

    @Test
    void aFrameThatDoesNotFitBehindAnotherOneGetsABufferOfItsSizeAndTheNextOneBeginsANewOne() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 1_000, 1_500, 700);
            reader.read(wire, 0, 2_048);
            int rest = reader.capacityOfTheNext();
            reader.read(wire, 2_048, wire.length - 2_048);

            assertThat(rest).isEqualTo(1_500 + 16);
            assertThat(reader.tail.received.size()).isEqualTo(3_200);
        }
    }

    @Test
    void aReadThatFindsNothingGoesOnInTheSameBufferTheNextTime() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 1_000);
            reader.read(wire, 0, 300);
            reader.read(wire, 300, 0);
            reader.read(wire, 300, wire.length - 300);

            assertThat(reader.tail.received.toByteArray()).isEqualTo(random(1_000));
        }
    }

    @Test
    void otherBuffersThanThoseReadIntoAreCopiedFromThenOn() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            reader.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf data = (ByteBuf) message;
                    ctx.fireChannelRead(Unpooled.copiedBuffer(data));
                    data.release();
                }
            });
            byte[] wire = seal(reader, 1_000, 3_000, 500);
            for (int from = 0; from < wire.length; from += 101) {
                reader.read(wire, from, Math.min(101, wire.length - from));
            }

            assertThat(reader.tail.failures).isEmpty();
            assertThat(reader.tail.received.size()).isEqualTo(4_500);
        }
    }

    /**
     * A handler in front may pass on its own buffer. That handler may use the memory after the buffer's bytes, or the
     * memory may be unsuitable to read into.
     */
    @Test
    void nothingIsReadIntoABufferThatWasNotTheSockets() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 300);
            ByteBuf foreign = Unpooled.buffer(1_000).writeBytes(wire, 0, 100);
            reader.channel.pipeline().fireChannelRead(foreign.retainedDuplicate());
            reader.read(wire, 100, wire.length - 100);

            assertThat(reader.tail.received.toByteArray()).isEqualTo(random(300));
            assertThat(foreign.getByte(100)).as("the memory after its bytes").isZero();
            foreign.release();
        }
    }

    @Test
    void aFrameThatDoesNotOpenLeavesNothingBehind() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            byte[] wire = seal(reader, 3_000);
            wire[2_500]++;
            reader.read(wire, 0, 100);
            reader.read(wire, 100, 2_000);
            reader.read(wire, 2_100, wire.length - 2_100);

            assertThat(reader.tail.failures).hasSize(1);
            assertThat(reader.memory()).isZero();
            assertThat(reader.capacityOfTheNext()).as("a new buffer").isGreaterThanOrEqualTo(2_048);
        }
    }

    @Test
    void theEndInsideAFrameGivesBackItsBuffer() throws Exception {
        Reader reader = new Reader(DirectAead.config());
        byte[] wire = seal(reader, 3_000);
        reader.read(wire, 0, 100);
        reader.channel.close();

        assertThat(reader.tail.failures).hasSize(1);
        assertThat(reader.memory()).isZero();
        reader.close();
    }

    @Test
    void buffersGrowWhenTheyAreFilledAndShrinkAfterTwoSmallReads() throws Exception {
        try (Reader reader = new Reader(NoiseConfig.defaults())) {
            assertThat(reader.capacityOfTheNext()).isEqualTo(2_048);
            reader.read(seal(reader, 65_519, 65_519));
            assertThat(reader.capacityOfTheNext()).isEqualTo(65_536);

            reader.read(seal(reader, 1));
            assertThat(reader.capacityOfTheNext()).isEqualTo(65_536);
            reader.read(seal(reader, 1));
            assertThat(reader.capacityOfTheNext()).isEqualTo(32_768);

            for (int read = 0; read < 40; read++) {
                reader.read(seal(reader, 1));
            }
            assertThat(reader.capacityOfTheNext()).isEqualTo(64);
        }
    }

    @Test
    void whatIsLeftOfAFrameDoesNotShrinkThem() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            reader.read(seal(reader, 65_519, 65_519));
            for (int frame = 0; frame < 20; frame++) {
                byte[] wire = seal(reader, 65_518);
                reader.read(wire, 0, 65_483);
                reader.read(wire, 65_483, wire.length - 65_483);
            }

            assertThat(reader.capacityOfTheNext()).isEqualTo(65_536);
        }
    }

    @Test
    void otherChannelsHaveTheirTurnAfterSixteenReads() {
        EmbeddedChannel channel = new EmbeddedChannel();
        ReceiveBuffers buffers = new ReceiveBuffers();
        buffers.reset(channel.config());
        for (int read = 0; read < 16; read++) {
            buffers.attemptedBytesRead(10);
            buffers.lastBytesRead(10);
            assertThat(buffers.continueReading()).as("before read " + read).isTrue();
            buffers.incMessagesRead(1);
        }

        assertThat(buffers.continueReading()).isFalse();
        buffers.reset(channel.config());
        assertThat(buffers.continueReading(() -> true)).as("nothing was read").isFalse();
        buffers.lastBytesRead(9);
        assertThat(buffers.continueReading())
                .as("there were fewer bytes than the read asked for")
                .isFalse();
        assertThat(buffers.continueReading(() -> true)).isTrue();
        channel.config().setAutoRead(false);
        assertThat(buffers.continueReading(() -> true)).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void otherChannelsHaveTheirTurnWhenReadsTakeLong() {
        EmbeddedChannel channel = new EmbeddedChannel();
        AtomicLong now = new AtomicLong(-5);
        ReceiveBuffers buffers = new ReceiveBuffers(now::get);
        buffers.reset(channel.config());
        buffers.attemptedBytesRead(10);
        buffers.lastBytesRead(10);

        now.addAndGet(1_999_999);
        assertThat(buffers.continueReading()).isTrue();
        now.incrementAndGet();
        assertThat(buffers.continueReading()).isFalse();

        buffers.reset(channel.config());
        buffers.lastBytesRead(10);
        assertThat(buffers.continueReading()).as("in the next round").isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void aFullFrameOfOursFitsWhatIsReadAtATime() throws Exception {
        try (Reader reader = new Reader(DirectAead.config())) {
            reader.read(seal(reader, 65_519, 65_519));
            EmbeddedChannel sender = new EmbeddedChannel(new NoiseTransportHandler(reader.remote, reader.tail));
            sender.writeOutbound(Unpooled.wrappedBuffer(random(4 * 65_518)));
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (ByteBuf frame = sender.readOutbound(); frame != null; frame = sender.readOutbound()) {
                wire.writeBytes(ByteBufUtil.getBytes(frame));
                frame.release();
            }
            NotedAllocator allocator = new NotedAllocator();
            reader.channel.config().setAllocator(allocator); // not the allocator of the read buffers

            reader.read(wire.toByteArray());

            assertThat(wire.size()).isEqualTo(4 * 65_536);
            assertThat(allocator.sizes)
                    .as("the buffers into which the frames were opened, and no copies")
                    .containsExactly(65_534, 65_534, 65_534, 65_534);
            sender.finishAndReleaseAll();
        }
    }

    /** Records the sizes of the buffers that it makes. */
    private static final class NotedAllocator extends AbstractByteBufAllocator {
        final List<Integer> sizes = new ArrayList<>();

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            sizes.add(initialCapacity);
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            sizes.add(initialCapacity);
            return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
