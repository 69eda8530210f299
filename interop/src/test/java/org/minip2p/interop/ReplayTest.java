package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.StreamResetException;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.multistream.netty.MultistreamInitiator;
import org.minip2p.multistream.netty.MultistreamResponder;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.netty.NoiseHandshakeHandler;
import org.minip2p.noise.netty.SecureChannelListener;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;
import org.minip2p.yamux.netty.YamuxHandler;
import org.minip2p.yamux.netty.YamuxListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * Recorded connections with each peer in both roles. The tests replay them to our stack without the peers, with the
 * keys of the recording.
 */
class ReplayTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final ProtocolId NOISE = new ProtocolId("/noise");
    private static final ProtocolId YAMUX = new ProtocolId("/yamux/1.0.0");

    static Stream<Arguments> recordings() {
        return Stream.of("js", "js2", "go", "go-0.48", "rust")
                .flatMap(peer -> Stream.of("listener", "dialer").map(role -> Arguments.of(peer + "-" + role)));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void understandsEveryFrameInOnePiece(String name) {
        replay(read(name), Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void understandsEveryFrameByteByByte(String name) {
        replay(read(name), 1);
    }

    /** DIS-30, DIS-35: we sent at most one flag in each frame, and no reserved flags. */
    @ParameterizedTest
    @MethodSource("recordings")
    void sentOneFlagAFrameAndNoReservedOnes(String name) {
        for (SecureBytes.Frame frame : opened(read(name), true).frames) {
            assertThat(Integer.bitCount(frame.flags())).as("%s", frame).isLessThanOrEqualTo(1);
            assertThat(frame.flags()).isLessThan(16);
        }
    }

    /** DIS-13, DIS-14, DIS-21: we sent one header and one proposal, and no {@code ls}. */
    @ParameterizedTest
    @MethodSource("recordings")
    void proposedOneProtocolBehindOneHeader(String name) {
        Recording recording = read(name);
        SecureBytes ours = opened(recording, true);
        assertThat(ours.lines()).noneMatch(line -> line.contains("\nls") || line.endsWith(" ls\""));
        if (recording.initiator()) {
            assertThat(new String(recording.sent(true), StandardCharsets.ISO_8859_1))
                    .startsWith("\u0013/multistream/1.0.0\n\u0007/noise\n\u0000 ");
        }
        for (SecureBytes.Frame frame : ours.frames) {
            if (frame.has("SYN") && frame.type() == 0) {
                assertThat(frame.toString())
                        .containsOnlyOnce("/multistream/1.0.0")
                        .doesNotContain(" ls");
            }
        }
    }

    /** DIS-47: we answered each ping of the peer with its value, in a frame with ACK. */
    @ParameterizedTest
    @MethodSource("recordings")
    void answeredEachPingWithItsValue(String name) {
        Recording recording = read(name);

        assertThat(values(opened(recording, true), "ACK")).isEqualTo(values(opened(recording, false), "SYN"));
    }

    private static List<Long> values(SecureBytes bytes, String flag) {
        return bytes.frames.stream()
                .filter(frame -> frame.type() == 2 && frame.has(flag))
                .map(SecureBytes.Frame::length)
                .toList();
    }

    /** DIS-21: peers that can name the muxer in the handshake did so. With rust-libp2p, the muxer was negotiated. */
    @ParameterizedTest
    @MethodSource("recordings")
    void negotiatedTheMuxerAsThePeerCan(String name) {
        List<String> lines = name.startsWith("rust") ? List.of("/multistream/1.0.0", "/yamux/1.0.0") : List.of();

        assertThat(opened(read(name), true).negotiated).isEqualTo(lines);
        assertThat(opened(read(name), false).negotiated).isEqualTo(lines);
    }

    /**
     * DIS-30: the recordings contain resets of the peers, and their window updates and pings with SYN. The tests above
     * read these frames.
     */
    @Test
    void holdsFramesWithSeveralFlagsAndResets() {
        List<SecureBytes.Frame> theirs = recordings()
                .flatMap(name -> opened(read((String) name.get()[0]), false).frames.stream())
                .toList();

        assertThat(theirs).anyMatch(frame -> frame.has("RST"));
        assertThat(theirs).anyMatch(frame -> frame.has("SYN") && frame.type() == 1);
        assertThat(theirs).anyMatch(frame -> frame.has("SYN") && frame.type() == 2);
    }

    /** The keys in the file open the recording, and the result is the text in the same file. */
    @ParameterizedTest
    @MethodSource("recordings")
    void opensWithTheKeysInItsFile(String name) {
        Recording recording = read(name);

        assertThat(opened(recording, true).lines()).isEqualTo(recording.ours()).isNotEmpty();
        assertThat(opened(recording, false).lines())
                .isEqualTo(recording.theirs())
                .isNotEmpty();
    }

    private static Recording read(String name) {
        try (InputStream file = ReplayTest.class.getResourceAsStream("/captures/" + name + ".txt")) {
            assertThat(file).as("the recording of %s", name).isNotNull();
            return Recording.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The bytes that one side sent, opened with the keys that the replay of our handshake yields. */
    private static SecureBytes opened(Recording recording, boolean byUs) {
        return SecureBytes.open(
                recording.sent(byUs),
                replay(recording, Integer.MAX_VALUE).keys.cipherKeys(),
                byUs == recording.initiator());
    }

    /** Plays the peer's bytes to our stack, in pieces of this size, and checks what arrives on each stream. */
    private static End replay(Recording recording, int piece) {
        End end = new End(recording);
        byte[] bytes = recording.sent(false);
        for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
            end.receive(Arrays.copyOfRange(bytes, at, at + Math.min(piece, bytes.length - at)));
        }
        end.finish();
        assertThat(end.failure).isNull();

        SecureBytes theirs = SecureBytes.open(bytes, end.keys.cipherKeys(), !recording.initiator());
        Map<Long, String> expected = new TreeMap<>();
        Map<Long, ByteArrayOutputStream> bodies = new TreeMap<>();
        for (SecureBytes.Frame frame : theirs.frames) {
            if (frame.stream() != 0) {
                bodies.computeIfAbsent(frame.stream(), id -> new ByteArrayOutputStream())
                        .writeBytes(frame.body());
                if (frame.has("FIN")) {
                    expected.put(frame.stream(), "end");
                }
                if (frame.has("RST")) {
                    expected.put(frame.stream(), "reset");
                }
            }
        }
        bodies.forEach((id, body) -> {
            Received received = end.streams.get(id);
            assertThat(received).as("stream %s", id).isNotNull();
            assertThat(received.bytes.toByteArray())
                    .as("bytes of stream %s", id)
                    .isEqualTo(body.toByteArray());
            if (expected.containsKey(id)) {
                assertThat(received.how).as("end of stream %s", id).isEqualTo(expected.get(id));
            }
        });
        return end;
    }

    /** Our end of a connection, in memory. */
    private static final class End implements YamuxListener, SecureChannelListener, NegotiationListener {
        final KnownKeys keys;
        final Map<Long, Received> streams = new TreeMap<>();
        private final Recording recording;
        private final Role role;
        private final EmbeddedChannel channel;
        private boolean isSecure;
        private @Nullable Throwable failure;

        End(Recording recording) {
            this.recording = recording;
            this.role = recording.initiator() ? Role.INITIATOR : Role.RESPONDER;
            this.keys =
                    new KnownKeys(List.of(HEX.parseHex(recording.staticKey()), HEX.parseHex(recording.ephemeralKey())));
            this.channel = new EmbeddedChannel(negotiation(NOISE), new ChannelInboundHandlerAdapter());
        }

        private ChannelHandler negotiation(ProtocolId protocol) {
            return role == Role.INITIATOR
                    ? MultistreamInitiator.lazy(protocol, this)
                    : new MultistreamResponder(protocol::equals, MultistreamConfig.defaults(), this);
        }

        @Override
        public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
            if (isSecure) {
                install(ctx);
                return;
            }
            isSecure = true;
            NoiseConfig config = NoiseConfig.defaults().withCrypto(keys.crypto());
            try {
                NoiseIdentity identity =
                        NoiseIdentity.create(PrivateKey.decode(HEX.parseHex(recording.identity())), config);
                ctx.pipeline().addAfter(ctx.name(), null, new NoiseHandshakeHandler(identity, role, null, this));
            } catch (InvalidKeyException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            if (session.earlyMuxer().isPresent()) {
                install(ctx);
            } else {
                ctx.pipeline().addAfter(ctx.name(), null, negotiation(YAMUX));
            }
        }

        private void install(ChannelHandlerContext ctx) {
            YamuxHandler muxer = new YamuxHandler(role, YamuxConfig.defaults(), this);
            ctx.pipeline().addAfter(ctx.name(), null, muxer);
            muxer.start();
            // Opens the streams that we had opened, because our stack would refuse the peer's frames on unknown ones.
            recording.ours().stream()
                    .filter(line -> line.contains(" SYN stream=") && !line.startsWith("ping"))
                    .forEach(line -> muxer.openStream(this::keep));
        }

        private void keep(YamuxStreamChannel stream) {
            Received received = new Received();
            stream.pipeline().addLast(received);
            streams.put(stream.streamId(), received);
        }

        @Override
        public void inboundStream(YamuxStreamChannel stream) {
            keep(stream);
        }

        @Override
        public void streamCountChanged(int open) {}

        @Override
        public void sessionEnded(@Nullable Throwable cause) {
            if (cause instanceof YamuxException) {
                failure = cause;
            }
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            failure = cause;
        }

        void receive(byte[] bytes) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
            channel.runPendingTasks();
            channel.releaseOutbound();
        }

        void finish() {
            channel.finishAndReleaseAll();
            channel.checkException();
        }
    }

    /** The bytes that arrived on a stream, and how it ended. */
    private static final class Received extends SimpleChannelInboundHandler<ByteBuf> {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private String how = "";

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) throws IOException {
            data.readBytes(bytes, data.readableBytes());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                how = "end";
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof StreamResetException) {
                how = "reset";
            }
        }
    }
}
