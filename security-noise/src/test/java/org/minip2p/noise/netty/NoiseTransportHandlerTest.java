package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NoiseException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.FramingException;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.RawPeer;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.TestTransport;
import org.minip2p.noise.TransportState;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;

@SuppressWarnings("FutureReturnValueIgnored")
class NoiseTransportHandlerTest {
    private static final int MAX_PLAIN = 65_518;

    private final List<End> ends = new ArrayList<>();
    private TransportState remote = TestTransport.pair(NoiseConfig.defaults())[0];

    @AfterEach
    void closeChannels() {
        for (End end : ends) {
            end.channel.finishAndReleaseAll();
            end.channel.checkException();
        }
    }

    /** An end whose other end is {@link #remote}. */
    private End end() {
        return end(NoiseConfig.defaults());
    }

    private End end(NoiseConfig config) {
        TransportState[] pair = TestTransport.pair(config);
        remote = pair[0];
        End end = new End(pair[1]);
        ends.add(end);
        return end;
    }

    static Stream<NoiseConfig> configs() {
        NoiseConfig standard = NoiseConfig.defaults();
        return Stream.of(standard, standard.withCrypto(NoiseCrypto.bouncyCastle()), DirectAead.config());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** SEC-27: lengths around the limits of a frame and far beyond, whole and in pieces of awkward sizes. */
    @Conforms({"NOI-25", "NOI-26"})
    @ParameterizedTest
    @MethodSource("configs")
    void carriesAnyLength(NoiseConfig config) {
        for (int length : new int[] {1, 2, 16, 1_000, 65_517, 65_518, 65_519, 65_520, 131_036, 1 << 20}) {
            for (int piece : new int[] {Integer.MAX_VALUE, 60_001}) {
                TransportState[] pair = TestTransport.pair(config);
                End sender = new End(pair[0]);
                End receiver = new End(pair[1]);
                byte[] data = random(length);
                ChannelFuture written = sender.channel.writeAndFlush(Unpooled.copiedBuffer(data));
                byte[] sent = sender.sent();

                for (int from = 0; from < sent.length; from += Math.min(piece, sent.length - from)) {
                    receiver.receive(Arrays.copyOfRange(sent, from, from + Math.min(piece, sent.length - from)));
                }

                assertThat(written.isSuccess()).isTrue();
                assertThat(receiver.failures).isEmpty();
                assertThat(receiver.received.toByteArray()).isEqualTo(data);
                List<Integer> frames = frameLengths(sent);
                assertThat(frames).hasSize((length + MAX_PLAIN - 1) / MAX_PLAIN);
                assertThat(frames.subList(0, frames.size() - 1)).allMatch(frame -> frame == 65_534);
                sender.channel.finishAndReleaseAll();
                receiver.channel.finishAndReleaseAll();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void readsByteByByte(NoiseConfig config) throws Exception {
        End end = end(config);
        byte[] all = NoiseHandshakeHandlerTest.concat(
                RawPeer.seal(remote, random(3)), RawPeer.seal(remote, new byte[0]), RawPeer.seal(remote, random(300)));

        for (byte b : all) {
            end.receive(new byte[] {b});
        }

        assertThat(end.sizes).containsExactly(3, 300);
        assertThat(end.received.toByteArray()).isEqualTo(NoiseHandshakeHandlerTest.concat(random(3), random(300)));
    }

    /**
     * Read-only, composite and heap input is opened as well. The handler does not write to it where this is not
     * allowed.
     */
    @ParameterizedTest
    @MethodSource("configs")
    void readsFromBuffersOfEveryKind(NoiseConfig config) throws Exception {
        for (int length :
                new int[] {10, Scratch.SHORT_BYTES - 16, Scratch.SHORT_BYTES - 15, 10 * Scratch.SHORT_BYTES}) {
            End end = end(config);
            ByteBuf readOnly =
                    Unpooled.copiedBuffer(RawPeer.seal(remote, random(length))).asReadOnly();
            byte[] second = RawPeer.seal(remote, random(length + 1));
            ByteBuf composite = Unpooled.wrappedBuffer(
                    Unpooled.directBuffer().writeBytes(second, 0, 9),
                    Unpooled.directBuffer().writeBytes(second, 9, second.length - 9));
            ByteBuf heap = Unpooled.copiedBuffer(RawPeer.seal(remote, random(length + 2)));
            byte[] before = ByteBufUtil.getBytes(readOnly);
            ByteBuf kept = readOnly.retainedSlice();

            end.channel.writeInbound(readOnly, composite, heap);

            assertThat(end.sizes).containsExactly(length, length + 1, length + 2);
            assertThat(end.received.toByteArray())
                    .isEqualTo(
                            NoiseHandshakeHandlerTest.concat(random(length), random(length + 1), random(length + 2)));
            assertThat(ByteBufUtil.getBytes(kept)).isEqualTo(before);
            kept.release();
        }
    }

    /**
     * The last frame of a buffer is passed on in that buffer, but not if other code also has the buffer and uses its
     * indices.
     */
    @Test
    void leavesTheEndOfABufferThatIsHeldAsItIs() throws Exception {
        End end = end();
        ByteBuf held = Unpooled.directBuffer().writeBytes(RawPeer.seal(remote, random(5)));
        int length = held.writerIndex();

        end.channel.writeInbound(held.retain());

        assertThat(end.sizes).containsExactly(5);
        assertThat(held.refCnt()).isEqualTo(1);
        assertThat(held.writerIndex()).isEqualTo(length);
        held.release();
    }

    /**
     * If a buffer ends with a frame, the frame can be opened in place. A short frame always is, and a long one if the
     * buffer has the memory that the cipher needs.
     */
    @ParameterizedTest
    @ValueSource(ints = {10, Scratch.SHORT_BYTES - 16, Scratch.SHORT_BYTES - 15, MAX_PLAIN})
    void passesOnTheBufferThatEndsWithAFrame(int length) throws Exception {
        boolean isShort = length + CipherState.TAG_BYTES <= Scratch.SHORT_BYTES;
        End end = isShort ? end() : end(NoiseConfig.defaults().withCrypto(NoiseCrypto.jdk()));
        ByteBuf in = isShort ? Unpooled.directBuffer() : Unpooled.buffer();

        end.channel.writeInbound(in.writeBytes(RawPeer.seal(remote, random(length))));

        assertThat(end.last).isSameAs(in);
        assertThat(end.received.toByteArray()).isEqualTo(random(length));
    }

    /**
     * A cipher for direct memory opens a long frame into a new buffer of the frame's size, so that the buffer that was
     * read is not kept.
     */
    @ParameterizedTest
    @ValueSource(ints = {Scratch.SHORT_BYTES - 15, MAX_PLAIN})
    void opensALongFrameIntoABufferOfItsOwn(int length) throws Exception {
        End end = end(DirectAead.config());
        ByteBuf in = Unpooled.directBuffer(1 << 20)
                .writeBytes(RawPeer.seal(remote, random(length)))
                .writeBytes(RawPeer.seal(remote, random(1)));

        end.channel.writeInbound(in);

        assertThat(end.sizes).containsExactly(length, 1);
        assertThat(end.capacities).first().isEqualTo(length + CipherState.TAG_BYTES);
        assertThat(end.received.toByteArray()).isEqualTo(NoiseHandshakeHandlerTest.concat(random(length), random(1)));
    }

    /** A short frame is opened in an array, so the memory of its buffer need not suit the cipher. */
    @Test
    void passesOnAnyMemoryWithAShortFrame() throws Exception {
        End end = end();
        ByteBuf in = Unpooled.copiedBuffer(RawPeer.seal(remote, random(Scratch.SHORT_BYTES - 16)));

        end.channel.writeInbound(in);

        assertThat(end.last).isSameAs(in);
    }

    /** Short messages are faster in arrays, and long ones in direct memory if the cipher supports it. */
    @Test
    void givesACipherTheMemoryThatItIsFastestOn() throws Exception {
        for (boolean isDirect : new boolean[] {true, false}) {
            List<String> calls = new ArrayList<>();
            NoiseConfig standard = NoiseConfig.defaults();
            NoiseCrypto noted = NoiseCrypto.of(
                    "noted",
                    standard.crypto().x25519(),
                    key -> new NotedAead(standard.crypto().aead(key), isDirect, calls));
            TransportState[] pair = TestTransport.pair(standard.withCrypto(noted));
            End sender = new End(pair[0]);
            End receiver = new End(pair[1]);
            ends.addAll(List.of(sender, receiver));

            for (int length : new int[] {Scratch.SHORT_BYTES - 16, Scratch.SHORT_BYTES - 15}) {
                sender.channel.writeAndFlush(Unpooled.copiedBuffer(random(length)));
                receiver.receive(sender.sent());
            }

            String memory = isDirect ? "direct" : "array";
            assertThat(calls).containsExactly("seal array", "open array", "seal " + memory, "open " + memory);
        }
    }

    @Conforms("NOI-28")
    @Test
    void anEmptyFrameCountsAndYieldsNothing() throws Exception {
        End end = end();

        end.receive(NoiseHandshakeHandlerTest.concat(
                RawPeer.seal(remote, new byte[0]), RawPeer.seal(remote, random(5)), RawPeer.seal(remote, new byte[0])));

        assertThat(end.failures).isEmpty();
        assertThat(end.sizes).containsExactly(5);
        assertThat(end.isInactive).isFalse();
    }

    @Conforms("NOI-29")
    @Test
    void neverSendsAnEmptyFrame() {
        End end = end();

        ChannelFuture empty = end.channel.write(Unpooled.EMPTY_BUFFER);
        end.channel.flush();
        end.channel.flush();

        assertThat(empty.isSuccess()).isTrue();
        assertThat(end.sent()).isEmpty();
        assertThat(end.channel.write(Unpooled.copiedBuffer(random(1))).isDone()).isFalse();
        ChannelFuture behind = end.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        assertThat(behind.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(17);
    }

    // SEC-29
    @Conforms("NOI-30")
    @Test
    void endlessEmptyFramesAreAFailureButNotIfThereIsDataBetween() throws Exception {
        End end = end();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < NoiseTransportHandler.MAX_EMPTY_FRAMES_IN_A_ROW; i++) {
                end.receive(RawPeer.seal(remote, new byte[0]));
            }
            end.receive(RawPeer.seal(remote, random(1)));
        }
        assertThat(end.failures).isEmpty();

        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        for (int i = 0; i <= NoiseTransportHandler.MAX_EMPTY_FRAMES_IN_A_ROW; i++) {
            flood.writeBytes(RawPeer.seal(remote, new byte[0]));
        }
        flood.writeBytes(RawPeer.seal(remote, random(1)));
        end.receive(flood.toByteArray());

        assertThat(end.sizes).containsExactly(1, 1);
        assertFramingFailure(end, FramingException.Reason.TOO_MANY_EMPTY_FRAMES);
    }

    @Conforms("NOI-27")
    @Test
    void refusesTheShortFrameOfTheVectors() {
        List<Vectors> vectors = Vectors.load("noise-xx").list("framing").stream()
                .filter(vector -> vector.text("note").contains("transport message shorter"))
                .toList();
        assertThat(vectors).hasSize(1);
        End end = end();

        end.receive(vectors.get(0).hex("frame"));

        assertFramingFailure(end, FramingException.Reason.SHORT_FRAME);
    }

    @Conforms("NOI-27")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15})
    void aFrameShorterThanATagIsAFailure(int length) {
        End end = end();

        end.receive(RawPeer.frame(new byte[length]));

        assertFramingFailure(end, FramingException.Reason.SHORT_FRAME);
    }

    /** SEC-25: nothing after a failed frame is decrypted. There is one error, whatever follows. */
    @Conforms("NOI-36")
    @ParameterizedTest
    @MethodSource("configs")
    void aFlippedBitIsExactlyOneFailure(NoiseConfig config) throws Exception {
        for (int at = 2; at < 2 + 5 + 16; at++) {
            End end = end(config);
            byte[] first = RawPeer.seal(remote, random(5));
            byte[] second = RawPeer.seal(remote, random(6));
            byte[] third = RawPeer.seal(remote, random(7));
            second[Math.min(at, second.length - 1)] ^= 0x10;

            end.receive(NoiseHandshakeHandlerTest.concat(first, second, third, Arrays.copyOf(third, 10)));
            end.receive(third);

            assertThat(end.sizes).containsExactly(5);
            assertThat(end.failures)
                    .singleElement()
                    .asInstanceOf(type(CipherException.class))
                    .returns(CipherException.Reason.BAD_TAG, CipherException::reason);
            assertDead(end);
            assertThat(end.caught).as("no further frame was tried").isEmpty();
        }
    }

    /** Frames that are repeated, left out or reordered. */
    @Conforms("NOI-36")
    @Test
    void refusesRepeatedMissingAndReorderedFrames() throws Exception {
        for (int[] order : new int[][] {{0, 0}, {1}, {0, 2}, {1, 0}}) {
            End end = end();
            List<byte[]> frames = List.of(
                    RawPeer.seal(remote, random(1)), RawPeer.seal(remote, random(2)), RawPeer.seal(remote, random(3)));
            for (int index : order) {
                end.receive(frames.get(index));
            }
            assertThat(end.failures).singleElement().isInstanceOf(CipherException.class);
        }
    }

    /** SEC-26: the input ends at every byte. Between two frames, the end is passed on without a failure (NOI-33). */
    @Conforms("NOI-32")
    @Test
    void anEndOfTheInputInsideAFrameIsAFailure() throws Exception {
        int length = 2 + 5 + 16;
        for (int cut = 0; cut <= 2 * length; cut++) {
            for (boolean isHalfClosed : new boolean[] {false, true}) {
                End end = end();
                byte[] two = NoiseHandshakeHandlerTest.concat(
                        RawPeer.seal(remote, random(5)), RawPeer.seal(remote, random(5)));
                end.receive(Arrays.copyOf(two, cut));
                if (isHalfClosed) {
                    end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                    assertThat(end.events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
                }
                end.channel.close();

                assertThat(end.isInactive).isTrue();
                assertThat(end.sizes).hasSize(cut / length);
                if (cut % length == 0) {
                    assertThat(end.failures).isEmpty();
                } else {
                    assertFramingFailure(end, FramingException.Reason.TRUNCATED);
                }
            }
        }
    }

    /** SEC-24, with a counter that the test sets: one message passes, and the next one ends the session. */
    @Conforms("NOI-22")
    @Test
    void endsBeforeTheLastNonceWhenSending() throws Exception {
        TransportState[] pair = TestTransport.pair(NoiseConfig.defaults());
        TestTransport.setSendNonce(pair[1], -2L);
        End end = new End(pair[1]);
        ends.add(end);

        ChannelFuture last = end.channel.writeAndFlush(Unpooled.copiedBuffer(random(1)));
        ChannelFuture beyond = end.channel.writeAndFlush(Unpooled.copiedBuffer(random(1)));

        assertThat(last.isSuccess()).isTrue();
        assertThat(beyond.cause())
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
        assertThat(end.failures).containsExactly((Libp2pException) beyond.cause());
        assertThat(frameLengths(end.sent())).hasSize(1);
        assertDead(end);
    }

    @Conforms("NOI-22")
    @Test
    void endsBeforeTheLastNonceWhenReceiving() throws Exception {
        TransportState[] pair = TestTransport.pair(NoiseConfig.defaults());
        TestTransport.setSendNonce(pair[0], -2L);
        TestTransport.setReceiveNonce(pair[1], -2L);
        End end = new End(pair[1]);
        ends.add(end);

        end.receive(RawPeer.seal(pair[0], random(1)));
        end.receive(RawPeer.frame(new byte[17]));

        assertThat(end.sizes).containsExactly(1);
        assertThat(end.failures)
                .singleElement()
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
    }

    @Test
    void packsWritesIntoOneFramePerFlush() {
        End end = end();
        for (int i = 0; i < 10; i++) {
            end.channel.write(Unpooled.copiedBuffer(random(12)));
        }
        assertThat(end.network.promises).isEmpty();

        end.channel.flush();

        assertThat(frameLengths(end.sent())).containsExactly(120 + 16);
    }

    /** A Yamux header, and the longest body that Yamux sends with it. */
    @Test
    void aHeaderAndItsBodyFillExactlyOneFrame() {
        End end = end();
        end.channel.write(Unpooled.copiedBuffer(random(12)));
        end.channel.write(Unpooled.copiedBuffer(random(65_506)));
        assertThat(end.network.promises)
                .as("a full frame does not wait for the flush")
                .hasSize(1);

        end.channel.flush();

        assertThat(frameLengths(end.sent())).containsExactly(65_534);
    }

    @Test
    void aPromiseGoesTheWayOfTheFrameWithTheLastByte() {
        End end = end();
        end.network.isHolding = true;
        ChannelFuture small = end.channel.write(Unpooled.copiedBuffer(random(100)));
        ChannelFuture large = end.channel.write(Unpooled.copiedBuffer(random(2 * MAX_PLAIN)));
        ChannelFuture more = end.channel.write(Unpooled.copiedBuffer(random(10)));
        end.channel.flush();
        assertThat(end.network.promises).hasSize(3);
        assertThat(small.isDone() || large.isDone() || more.isDone()).isFalse();

        end.network.promises.get(0).setSuccess();
        assertThat(small.isSuccess()).isTrue();
        assertThat(large.isDone()).isFalse();
        end.network.promises.get(1).setSuccess();
        assertThat(large.isDone()).isFalse();
        IOException cause = new IOException("broken");
        end.network.promises.get(2).setFailure(cause);

        assertThat(large.cause()).isSameAs(cause);
        assertThat(more.cause()).isSameAs(cause);
    }

    @Test
    void completesManyPromisesOfManyFramesInOrder() {
        End end = end();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            end.channel.write(Unpooled.copiedBuffer(random(10))).addListener(f -> order.add(number));
            if (i % 7 == 0) {
                end.channel.flush();
            }
        }

        end.channel.flush();

        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void takesVoidPromises() {
        End end = end();
        end.channel.write(Unpooled.copiedBuffer(random(10)), end.channel.voidPromise());
        end.channel.flush();
        ChannelFuture other = end.channel.write(Unpooled.copiedBuffer(random(10)));
        end.channel.write(Unpooled.copiedBuffer(random(10)), end.channel.voidPromise());
        end.channel.flush();

        end.channel.write(Unpooled.copiedBuffer(random(10)), end.channel.voidPromise());
        ChannelFuture behind = end.channel.write(Unpooled.copiedBuffer(random(10)));
        end.channel.flush();

        assertThat(other.isSuccess()).isTrue();
        assertThat(behind.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(26, 36, 36);
    }

    /** A dropped frame would leave a gap in the nonces. */
    @Test
    void aWriteCannotBeCancelledOnceItIsAccepted() {
        End end = end();
        ChannelPromise early = end.channel.newPromise();
        early.cancel(false);
        end.channel.write(Unpooled.copiedBuffer(random(10)), early);
        ChannelFuture late = end.channel.write(Unpooled.copiedBuffer(random(20)));

        assertThat(late.cancel(false)).isFalse();
        end.channel.flush();

        assertThat(late.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(36);
    }

    @Test
    void closingWritesOutWhatWasAccepted() {
        End end = end();
        ChannelFuture written = end.channel.write(Unpooled.copiedBuffer(random(10)));

        end.channel.close();

        assertThat(written.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(26);
    }

    @Test
    void disconnectingWritesOutWhatWasAccepted() {
        End end = end();
        ChannelFuture written = end.channel.write(Unpooled.copiedBuffer(random(10)));

        ChannelFuture disconnected = end.channel.disconnect();

        assertThat(written.isSuccess()).isTrue();
        assertThat(disconnected.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(26);
    }

    @Test
    void removalWritesOutWhatWasAccepted() {
        End end = end();
        ChannelFuture written = end.channel.write(Unpooled.copiedBuffer(random(10)));

        end.channel.pipeline().remove(NoiseTransportHandler.class);

        assertThat(written.isSuccess()).isTrue();
        assertThat(frameLengths(end.sent())).containsExactly(26);
    }

    @Conforms("NOI-53")
    @Test
    void removalDropsTheFrameThatHasBegunAndWipesTheKeys() throws Exception {
        End end = end();
        end.receiveHalfAFrame(remote);
        assertThat(end.memory()).isPositive();

        end.channel.pipeline().remove(NoiseTransportHandler.class);

        assertThat(end.memory()).isZero();
        end.assertWiped();
    }

    @Conforms("NOI-53")
    @Test
    void aFailureDropsTheFrameThatHasBegunAndWhatWaitsAndWipesTheKeys() throws Exception {
        End end = end();
        TestTransport.setSendNonce(end.transport, -1L);
        end.receiveHalfAFrame(remote);
        ChannelFuture waiting = end.channel.write(Unpooled.copiedBuffer(random(10)));
        ChannelFuture full = end.channel.write(Unpooled.copiedBuffer(random(MAX_PLAIN)));

        assertThat(waiting.cause()).isInstanceOf(CipherException.class);
        assertThat(full.cause()).isSameAs(waiting.cause());
        assertThat(end.failures).containsExactly((Libp2pException) full.cause());
        assertThat(end.memory()).isZero();
        end.assertWiped();
    }

    /** Another thread may cancel a promise at any time before its write is accepted. Then the write is dropped. */
    @Test
    void aWriteThatIsCancelledJustBeforeIsDropped() {
        End end = end();
        ByteBuf data = Unpooled.copiedBuffer(random(10));
        ChannelPromise promise = end.channel.newPromise();
        promise.cancel(false);

        end.handler.write(end.channel.pipeline().context(end.handler), data, promise);
        end.channel.flush();

        assertThat(data.refCnt()).isZero();
        assertThat(end.sent()).isEmpty();
    }

    @Test
    void whatWaitsFailsWhenTheChannelIsGone() {
        End end = end();
        ChannelFuture first = end.channel.write(Unpooled.copiedBuffer(random(10)));
        ChannelFuture second = end.channel.write(Unpooled.copiedBuffer(random(10)));

        end.channel.pipeline().fireChannelInactive();
        ChannelFuture third = end.channel.write(Unpooled.copiedBuffer(random(10)));

        for (ChannelFuture write : List.of(first, second, third)) {
            assertThat(write.cause()).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(end.failures).isEmpty();
    }

    @Test
    void whatWaitsFailsWhenTheOutputIsShutDown() {
        End end = end();
        ChannelFuture waiting = end.channel.write(Unpooled.copiedBuffer(random(10)));

        end.channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);

        assertThat(waiting.cause()).isInstanceOf(IOException.class);
        assertThat(end.events).containsExactly(ChannelOutputShutdownEvent.INSTANCE);
    }

    @Test
    void refusesToWriteAnythingButBytes() {
        End end = end();

        assertThat(end.channel.write("text").cause()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allFramesOfAReadComeBeforeOneReadComplete() throws Exception {
        End end = end();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            all.writeBytes(RawPeer.seal(remote, random(4)));
        }

        end.receive(all.toByteArray());

        assertThat(end.sizes).hasSize(50);
        assertThat(end.readCompletes).isEqualTo(1);
    }

    @Test
    void asksForMoreWhenAReadBroughtNoWholeFrame() throws Exception {
        End end = end();
        end.channel.config().setAutoRead(false);
        int before = end.network.reads;
        byte[] frame = RawPeer.seal(remote, random(10));

        end.receive(Arrays.copyOf(frame, 7));
        assertThat(end.network.reads).isEqualTo(before + 1);
        end.receive(Arrays.copyOfRange(frame, 7, frame.length));

        assertThat(end.network.reads).isEqualTo(before + 1);
        assertThat(end.sizes).containsExactly(10);
    }

    @Test
    void keepsTheOrderWhenInputArrivesWhileAFrameIsFired() throws Exception {
        End end = end();
        ArrayDeque<byte[]> later = new ArrayDeque<>(List.of(RawPeer.seal(remote, random(1))));
        byte[] rest =
                NoiseHandshakeHandlerTest.concat(RawPeer.seal(remote, random(2)), RawPeer.seal(remote, random(3)));
        byte[] first = later.remove();
        later.add(NoiseHandshakeHandlerTest.concat(RawPeer.seal(remote, random(4)), RawPeer.seal(remote, random(5))));
        end.channel.pipeline().addBefore(end.tailName(), null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                byte[] next = later.poll();
                ctx.fireChannelRead(message);
                if (next != null) {
                    ctx.pipeline().fireChannelRead(Unpooled.copiedBuffer(next, 0, 2 + 4 + 16));
                    ctx.pipeline().fireChannelRead(Unpooled.copiedBuffer(next, 2 + 4 + 16, 2 + 5 + 16));
                }
            }
        });

        end.receive(NoiseHandshakeHandlerTest.concat(first, rest));

        assertThat(end.failures).isEmpty();
        assertThat(end.sizes).containsExactly(1, 2, 3, 4, 5);
    }

    /** Our own faults and errors of the platform also end the session, and they are not swallowed. */
    // SEC-31
    @Test
    void anErrorInTheCipherEndsTheSessionAndGoesOn() throws Exception {
        NoiseConfig standard = NoiseConfig.defaults();
        End end =
                end(standard.withCrypto(NoiseCrypto.of(
                        "failing", standard.crypto().x25519(), key -> new DirectAead(
                                standard.crypto().aead(key)) {
                            @Override
                            public void open(long nonce, byte[] data, ByteBuffer message, ByteBuffer plainText) {
                                throw new OutOfMemoryError("injected");
                            }
                        })));

        ByteBuf in = Unpooled.copiedBuffer(RawPeer.seal(remote, random(2 * Scratch.SHORT_BYTES)));
        end.channel.pipeline().fireChannelRead(in);

        assertFramingFailure(end, FramingException.Reason.INTERNAL);
        assertThat(end.caught).singleElement().isInstanceOf(OutOfMemoryError.class);
        assertDead(end);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, MAX_PLAIN, MAX_PLAIN + 10})
    void aFrameForWhichThereIsNoMemoryEndsTheSession(int length) throws Exception {
        End end = end();
        ByteBuf data = Unpooled.copiedBuffer(random(length));
        end.channel.config().setAllocator(new NoMemory());

        ChannelFuture write = end.channel.write(data);
        end.channel.flush();
        end.channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);

        assertFramingFailure(end, FramingException.Reason.INTERNAL);
        assertThat(write.cause()).isSameAs(end.failures.get(0)).hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(data.refCnt()).isZero();
        assertDead(end);
    }

    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("injected");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("injected");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private static void assertFramingFailure(End end, FramingException.Reason reason) {
        assertThat(end.failures)
                .singleElement()
                .asInstanceOf(type(FramingException.class))
                .returns(reason, FramingException::reason);
    }

    /** After a failure, no data passes in either direction, and the failure is reported only once. */
    private void assertDead(End end) throws Exception {
        end.sent();
        int received = end.sizes.size();
        end.receive(RawPeer.seal(remote, random(1)));
        ChannelFuture write = end.channel.writeAndFlush(Unpooled.copiedBuffer(random(1)));
        end.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(write.cause()).isSameAs(end.failures.get(0));
        assertThat(end.sent()).isEmpty();
        assertThat(end.sizes).hasSize(received);
        assertThat(end.failures).hasSize(1);
        assertThat(end.channel.isOpen()).as("a stage never closes the channel").isTrue();
    }

    private static List<Integer> frameLengths(byte[] sent) {
        List<Integer> lengths = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(sent);
        while (in.hasRemaining()) {
            int length = Short.toUnsignedInt(in.getShort());
            in.position(in.position() + length);
            lengths.add(length);
        }
        return lengths;
    }

    /** The transport stage alone, with everything that it reported and fired. */
    private static final class End extends ChannelInboundHandlerAdapter implements SecureChannelListener {
        final List<Libp2pException> failures = new ArrayList<>();
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final List<Integer> sizes = new ArrayList<>();
        final List<Integer> capacities = new ArrayList<>();
        final List<Object> events = new ArrayList<>();
        final List<Throwable> caught = new ArrayList<>();
        final Network network = new Network();

        private @Nullable UnpooledByteBufAllocator allocator;
        final TransportState transport;
        final NoiseTransportHandler handler;
        final EmbeddedChannel channel;

        /** The last buffer that was fired. It has been released since. */
        @Nullable ByteBuf last;

        int readCompletes;
        boolean isInactive;

        End(TransportState transport) {
            this.transport = transport;
            handler = new NoiseTransportHandler(transport, this);
            channel = new EmbeddedChannel(network, handler, this);
        }

        /** Makes the stage keep an incomplete frame. */
        void receiveHalfAFrame(TransportState remote) throws NoiseException {
            allocator = new UnpooledByteBufAllocator(true);
            channel.config().setAllocator(allocator);
            channel.writeInbound(Unpooled.copiedBuffer(RawPeer.seal(remote, random(1_000)), 0, 500));
        }

        /** How much of the channel's memory the stage keeps, in bytes. */
        long memory() {
            UnpooledByteBufAllocator used = Objects.requireNonNull(allocator);
            return used.metric().usedDirectMemory() + used.metric().usedHeapMemory();
        }

        void assertWiped() {
            TestTransport.setSendNonce(transport, 0);
            byte[] message = new byte[CipherState.TAG_BYTES];
            assertThatThrownBy(() -> transport.send().encrypt(message, 0, 0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> transport.receive().decrypt(message, 0, message.length))
                    .isInstanceOf(IllegalStateException.class);
        }

        String tailName() {
            return channel.pipeline().context(this).name();
        }

        void receive(byte[] bytes) {
            channel.writeInbound(channel.alloc().directBuffer().writeBytes(bytes));
        }

        byte[] sent() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
                all.writeBytes(ByteBufUtil.getBytes(buffer));
                buffer.release();
            }
            return all.toByteArray();
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession newSession) {
            throw new AssertionError("secured " + newSession);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            failures.add(cause);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            received.writeBytes(ByteBufUtil.getBytes(buffer));
            sizes.add(buffer.readableBytes());
            capacities.add(buffer.capacity());
            last = buffer;
            buffer.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            readCompletes++;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }

        @Override
        @SuppressWarnings("deprecation") // the method of the adapter is not deprecated
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            caught.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            isInactive = true;
        }
    }

    /** The network's side, which can delay the completion of writes. */
    private static final class Network extends io.netty.channel.ChannelDuplexHandler {
        final List<ChannelPromise> promises = new ArrayList<>();
        boolean isHolding;
        int reads;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            promises.add(promise);
            ctx.write(message, isHolding ? ctx.newPromise() : promise);
        }

        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
            ctx.read();
        }
    }

    /** Records which kind of memory it is called with. */
    private static final class NotedAead implements Aead {
        private final Aead aead;
        private final boolean isDirect;
        private final List<String> calls;

        NotedAead(Aead aead, boolean isDirect, List<String> calls) {
            this.aead = aead;
            this.isDirect = isDirect;
            this.calls = calls;
        }

        @Override
        public boolean isDirect() {
            return isDirect;
        }

        @Override
        public void seal(long nonce, byte[] data, byte[] buffer, int offset, int length) {
            calls.add("seal array");
            aead.seal(nonce, data, buffer, offset, length);
        }

        @Override
        public void open(long nonce, byte[] data, byte[] buffer, int offset, int length) throws AEADBadTagException {
            calls.add("open array");
            aead.open(nonce, data, buffer, offset, length);
        }

        @Override
        public void seal(long nonce, byte[] data, ByteBuffer plainText, ByteBuffer message) {
            calls.add("seal " + (plainText.isDirect() && message.isDirect() ? "direct" : "heap"));
            aead.seal(nonce, data, plainText, message);
        }

        @Override
        public void open(long nonce, byte[] data, ByteBuffer message, ByteBuffer plainText) throws AEADBadTagException {
            calls.add("open " + (plainText.isDirect() && message.isDirect() ? "direct" : "heap"));
            aead.open(nonce, data, message, plainText);
        }

        @Override
        public void close() {
            aead.close();
        }
    }
}
