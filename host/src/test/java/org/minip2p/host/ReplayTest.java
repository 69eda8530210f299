package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.connections.ConnectionFactory;
import org.minip2p.host.connections.ConnectionTimeouts;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.events.EventBounds;
import org.minip2p.host.events.Events;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.recording.Recorder;
import org.minip2p.host.streams.ProtocolHandler;
import org.minip2p.host.streams.ProtocolRegistry;
import org.minip2p.host.streams.StreamFailures;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.host.streams.StreamWatch;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.host.trimming.PeerPlaces;
import org.minip2p.host.trimming.Protections;
import org.minip2p.host.trimming.TrimLimits;
import org.minip2p.host.trimming.TrimOrder;
import org.minip2p.host.upgrade.Upgrade;
import org.minip2p.host.upgrade.UpgradeSettings;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.multistream.netty.MultistreamResponder;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;
import org.minip2p.noise.netty.NoiseHandshakeHandler;
import org.minip2p.noise.netty.SecureChannelListener;
import org.minip2p.yamux.YamuxConfig;

/**
 * Records a session of two ends in memory: the upgrade, one stream with a request and its end, an answer and its end,
 * and the close. Then plays the session to each end again, with the same keys: in one piece, byte by byte, and cut
 * after each byte.
 */
class ReplayTest {
    private static final ProtocolId ASK = new ProtocolId("/ask/1.0.0");
    private static final byte[] REQUEST = "what is the answer?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "forty-two".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey dialerKey = PrivateKey.generate(KeyType.ED25519);
    private final PrivateKey listenerKey = PrivateKey.generate(KeyType.ED25519);
    private final ByteArrayOutputStream fromDialer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromListener = new ByteArrayOutputStream();

    /** The number of bytes that the listener can send before it has heard of a stream. */
    private int beforeStreams;

    @BeforeEach
    void record() {
        record(HostConfig.defaults());
    }

    private void record(HostConfig config) {
        End dialer = new End(Role.INITIATOR, config);
        End listener = new End(Role.RESPONDER, config);
        for (boolean moving = true; moving; ) {
            byte[] there = dialer.sent();
            byte[] back = listener.sent();
            fromDialer.writeBytes(there);
            fromListener.writeBytes(back);
            if (beforeStreams == 0) {
                beforeStreams = back.length;
            }
            listener.receive(there);
            dialer.receive(back);
            moving = there.length + back.length > 0;
        }

        assertThat(dialer.received()).isEqualTo(ANSWER);
        assertThat(listener.received()).isEqualTo(REQUEST);
        dialer.end();
        listener.end();
    }

    // SEC-73, SEC-G19
    @ParameterizedTest
    @EnumSource(Role.class)
    @Conforms("CON-17")
    void takesEverythingInOnePiece(Role role) {
        End end = new End(role, HostConfig.defaults());

        end.play(recordedFor(role));

        assertThat(end.received()).isEqualTo(role == Role.INITIATOR ? ANSWER : REQUEST);
        assertThat(end.told).first().asString().startsWith("established");
        end.end();
    }

    // SEC-73
    @ParameterizedTest
    @EnumSource(Role.class)
    void takesEverythingByteByByte(Role role) {
        End end = new End(role, HostConfig.defaults());

        for (byte one : recordedFor(role)) {
            end.receive(new byte[] {one});
        }

        assertThat(end.received()).isEqualTo(role == Role.INITIATOR ? ANSWER : REQUEST);
        end.end();
    }

    // SEC-26, SEC-68
    @ParameterizedTest
    @EnumSource(Role.class)
    @Conforms({"CON-16", "CON-32", "CON-39"})
    void endsWithAClearErrorWhereverItIsCut(Role role) {
        byte[] all = recordedFor(role);
        byte[] right = role == Role.INITIATOR ? ANSWER : REQUEST;
        int successes = 0;
        for (int bytes = 0; bytes < all.length; bytes++) {
            End end = new End(role, HostConfig.defaults());
            end.play(Arrays.copyOf(all, bytes));
            end.end();

            if (end.failure != null) {
                assertThat(end.failure).as("cut after %d bytes", bytes).isInstanceOf(Libp2pException.class);
                assertThat(end.result).isNotDone();
                assertThat(end.told).as("cut after %d bytes", bytes).isEmpty();
            } else {
                assertThat(end.told).as("cut after %d bytes", bytes).hasSize(2);
                assertThat(end.told.get(1)).startsWith("closed");
            }
            if (end.result.isDone() && !end.result.isCompletedExceptionally()) {
                assertThat(end.received()).as("cut after %d bytes", bytes).isEqualTo(right);
                successes++;
            } else if (end.streams.get() > 0) {
                assertThat(end.result)
                        .as("cut after %d bytes", bytes)
                        .isCompletedExceptionally()
                        .failsWithin(java.time.Duration.ZERO)
                        .withThrowableThat()
                        .withCauseInstanceOf(Libp2pException.class);
            }
        }

        assertThat(successes)
                .as("sessions that succeed: the cut hit only the bytes after the end of the stream")
                .isLessThan(80);
    }

    /** Two ends that both act as dialers do not understand each other. SEC-G20 */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Conforms({"CON-18", "CON-20"})
    void failsAtOnceWhenBothEndsDialed(boolean pipelining) {
        HostConfig config = HostConfig.defaults().with(HostConfig.PIPELINING, pipelining);
        End one = new End(Role.INITIATOR, config);
        End other = new End(Role.INITIATOR, config);
        for (int round = 0; round < 10; round++) {
            byte[] there = one.sent();
            byte[] back = other.sent();
            other.receive(there);
            one.receive(back);
        }

        assertThat(one.failure).isInstanceOf(Libp2pException.class);
        assertThat(other.failure).isInstanceOf(Libp2pException.class);
        one.end();
        other.end();
    }

    @Test
    @Conforms({"CON-1", "CON-3", "CON-7", "CON-8"})
    void sendsNothingInClearButTheNegotiationOfSecurity() {
        String there = fromDialer.toString(StandardCharsets.ISO_8859_1);
        String back = fromListener.toString(StandardCharsets.ISO_8859_1);

        // After this, message 1 of Noise, which is 32 bytes long, and message 2 follow.
        assertThat(there).startsWith("\u0013/multistream/1.0.0\n\u0007/noise\n\u0000 ");
        assertThat(back).startsWith("\u0013/multistream/1.0.0\n\u0007/noise\n\u0000");
        for (String clear : List.of("yamux", "/ask", "answer", "forty")) {
            assertThat(there).doesNotContain(clear);
            assertThat(back).doesNotContain(clear);
        }
        assertThat(back).doesNotContain(new String(listenerKey.publicKey().data(), StandardCharsets.ISO_8859_1));
        assertThat(there).doesNotContain(new String(dialerKey.publicKey().data(), StandardCharsets.ISO_8859_1));
    }

    @Test
    @Conforms("CON-6")
    void negotiatesNoMuxerThatTheHandshakeHasFixed() {
        int early = fromDialer.size();
        fromDialer.reset();
        fromListener.reset();

        record(HostConfig.defaults().with(HostConfig.EARLY_MUXER_NEGOTIATION, false));

        // The negotiation adds a header, a proposal and the frame around them. It saves only the name in the
        // handshake's extensions.
        assertThat(fromDialer.size()).isGreaterThan(early + 20);
    }

    @Test
    @Conforms("CON-4")
    void closesAndTriesNoMuxerWhenTheListenerRefusesNoise() {
        for (boolean pipelining : new boolean[] {true, false}) {
            End end = new End(Role.INITIATOR, HostConfig.defaults().with(HostConfig.PIPELINING, pipelining));
            end.sent();
            end.receive("\u0013/multistream/1.0.0\n\u0003na\n".getBytes(StandardCharsets.ISO_8859_1));
            end.sent();

            assertThat(end.failure).isInstanceOf(UnsupportedProtocolException.class);
            assertThat(end.channel.isOpen()).isFalse();
            assertThat(end.told).isEmpty();
            assertThat(end.sent()).isEmpty();
            end.end();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Conforms("CON-4")
    void closesAndTriesNoMuxerWhenTheHandshakeFails(Role role) {
        byte[] bytes = recordedFor(role);
        // This byte is in the payload of message 2 or 3.
        bytes[150] ^= 1;
        End end = new End(role, HostConfig.defaults());

        end.receive(bytes);

        assertThat(end.failure).isInstanceOf(Libp2pException.class);
        assertThat(end.channel.isOpen()).isFalse();
        assertThat(end.told).isEmpty();
        end.end();
    }

    /** The peer supports Noise, but another muxer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Conforms({"CON-5", "CON-7"})
    void closesWhenNoMuxerIsShared(boolean pipelining) {
        HostConfig config = HostConfig.defaults()
                .with(HostConfig.EARLY_MUXER_NEGOTIATION, false)
                .with(HostConfig.PIPELINING, pipelining);
        End end = new End(Role.INITIATOR, config);
        List<String> proposals = new ArrayList<>();
        EmbeddedChannel other = new EmbeddedChannel(new MultistreamResponder(
                new ProtocolId("/noise")::equals,
                MultistreamConfig.defaults(),
                new Then(ctx -> ctx.pipeline()
                        .addAfter(
                                ctx.name(),
                                null,
                                new NoiseHandshakeHandler(
                                        identity(listenerKey, config),
                                        Role.RESPONDER,
                                        null,
                                        new ThenSecured(secured -> secured.pipeline()
                                                .addAfter(
                                                        secured.name(),
                                                        null,
                                                        new MultistreamResponder(
                                                                proposal -> {
                                                                    proposals.add(proposal.value());
                                                                    return proposal.value()
                                                                            .equals("/mplex/6.7.0");
                                                                },
                                                                MultistreamConfig.defaults(),
                                                                new Then(done -> {})))))))));
        for (int round = 0; round < 10; round++) {
            byte[] there = end.sent();
            for (ByteBuf out = other.readOutbound(); out != null; out = other.readOutbound()) {
                byte[] back = new byte[out.readableBytes()];
                out.readBytes(back).release();
                end.receive(back);
            }
            if (there.length > 0) {
                other.writeInbound(Unpooled.copiedBuffer(there));
            }
        }

        assertThat(proposals).startsWith("/yamux/1.0.0");
        assertThat(end.channel.isOpen()).isFalse();
        if (pipelining) {
            // The connection exists as soon as message 3 has left, so it ends with that cause.
            assertThat(end.told).hasSize(2).last().asString().contains("ERROR").contains("/yamux/1.0.0");
        } else {
            assertThat(end.failure).isInstanceOf(UnsupportedProtocolException.class);
        }
        end.end();
        other.finishAndReleaseAll();
    }

    private byte[] recordedFor(Role role) {
        return (role == Role.INITIATOR ? fromListener : fromDialer).toByteArray();
    }

    /** One end: a channel with all layers of a host, on this thread only. */
    private final class End {
        final List<String> told = new ArrayList<>();
        final AtomicInteger streams = new AtomicInteger();
        final CompletableFuture<byte[]> result = new CompletableFuture<>();
        final EmbeddedChannel channel;
        private final Role role;

        @Nullable Throwable failure;

        End(Role role, HostConfig config) {
            this.role = role;
            PrivateKey key = role == Role.INITIATOR ? dialerKey : listenerKey;
            ProtocolRegistry protocols = new ProtocolRegistry();
            protocols.add(new ProtocolHandler(ASK, PeerEnd.HALF_OPEN, stream -> use(stream, null)));
            Events events = new Events(
                    Runnable::run,
                    EventBounds.of(config.get(HostConfig.MAX_WAITING_EVENTS), 1 << 20, Duration.ofSeconds(30)),
                    bytes -> {},
                    ImmediateEventExecutor.INSTANCE,
                    System::nanoTime);
            events.addObserver(this::tell);
            ConnectionTable table = new ConnectionTable(
                    PeerId.of(key.publicKey()),
                    new ConnectionGater() {},
                    config.get(HostConfig.MAX_CONNECTIONS_PER_PEER),
                    places(),
                    events,
                    ImmediateEventExecutor.INSTANCE);
            UpgradeStages stages = stages(key, config, protocols);
            Upgrade.Outcome outcome = new Upgrade.Outcome() {
                @Override
                public void upgraded(UndecidedConnection connection) {
                    table.decide(connection, verdict());
                }

                @Override
                public void failed(Throwable cause) {
                    failure = cause;
                }
            };
            channel = new Socket(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    new Upgrade(stages, role, null, opened, outcome).start();
                }
            });
        }

        /** Places for every peer. */
        private PeerPlaces places() {
            ConnectionLimits limits = new ConnectionLimits(
                    new ConnectionLimits.Max(10, 10, 10, 10, 10), address -> null, address -> null, System::nanoTime);
            return new PeerPlaces(
                    new TrimLimits(10, 10, 10, Duration.ZERO),
                    new Protections(limits),
                    new TrimOrder(PeerStanding.defaultOrder()),
                    limits,
                    ImmediateEventExecutor.INSTANCE,
                    System::nanoTime);
        }

        private ConnectionTable.Verdict verdict() {
            return new ConnectionTable.Verdict() {
                @Override
                public void admitted(Connection connection) {
                    if (role == Role.INITIATOR) {
                        connection.openStream(ASK, stream -> use(stream, connection));
                    }
                }

                @Override
                public void denied(Throwable cause) {
                    failure = cause;
                }
            };
        }

        private void use(ProtocolStream stream, @Nullable Connection toClose) {
            streams.incrementAndGet();
            stream.pipeline().addLast(new Conversation(result, toClose));
        }

        private void tell(HostEvent event) {
            if (event instanceof HostEvent.ConnectionEstablished) {
                told.add("established, streams " + streams);
            } else if (event instanceof HostEvent.ConnectionClosed closed) {
                told.add("closed " + closed.cause());
            }
        }

        byte[] received() {
            assertThat(result).isCompleted();
            return result.join();
        }

        byte[] sent() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                out.release();
                all.writeBytes(bytes);
            }
            return all.toByteArray();
        }

        /**
         * Plays the bytes in one piece, or in as few as possible. No listener answers on a stream before it is opened.
         */
        void play(byte[] bytes) {
            int first = role == Role.INITIATOR ? Math.min(bytes.length, beforeStreams) : bytes.length;
            receive(Arrays.copyOf(bytes, first));
            receive(Arrays.copyOfRange(bytes, first, bytes.length));
        }

        void receive(byte[] bytes) {
            if (bytes.length > 0 && channel.isOpen()) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes));
            }
            channel.runPendingTasks();
        }

        void end() {
            channel.finishAndReleaseAll();
            channel.checkException();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    /** Asks on the dialer's side, and answers on the listener's side. */
    private static final class Conversation extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> result;
        private final @Nullable Connection asking;

        Conversation(CompletableFuture<byte[]> result, @Nullable Connection asking) {
            this.result = result;
            this.asking = asking;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (asking != null) {
                say(ctx, REQUEST);
            }
        }

        private static void say(ChannelHandlerContext ctx, byte[] text) {
            ctx.channel().writeAndFlush(Unpooled.copiedBuffer(text));
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            byte[] more = new byte[in.readableBytes()];
            in.readBytes(more);
            bytes.writeBytes(more);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event != ChannelInputShutdownEvent.INSTANCE || !result.complete(bytes.toByteArray())) {
                return;
            }
            if (asking != null) {
                asking.close();
            } else {
                say(ctx, ANSWER);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            result.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            result.completeExceptionally(new AssertionError("the stream ended without a word"));
        }
    }

    /** Continues with the next stage when the negotiation is complete. */
    private record Then(Consumer<ChannelHandlerContext> next) implements NegotiationListener {
        @Override
        public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
            next.accept(ctx);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            // This is the end of the input, after a refusal.
        }
    }

    /** Continues with the next stage when the handshake is complete. */
    private record ThenSecured(Consumer<ChannelHandlerContext> next) implements SecureChannelListener {
        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            next.accept(ctx);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            // Ignores the failure.
        }
    }

    private static NoiseIdentity identity(PrivateKey key, HostConfig config) {
        NoiseCrypto crypto = NoiseCrypto.of(
                "fixed", new SameKeys(), bytes -> NoiseCrypto.jdk().aead(bytes));
        NoiseConfig noise = NoiseConfig.defaults()
                .withCrypto(crypto)
                .withEarlyMuxerNegotiation(config.get(HostConfig.EARLY_MUXER_NEGOTIATION));
        return NoiseIdentity.create(key, noise);
    }

    private static UpgradeStages stages(PrivateKey key, HostConfig config, ProtocolRegistry protocols) {
        HostMeter meter = new HostMeter(null, Recorder.ofJvm(), System::nanoTime);
        MultistreamConfig limits = MultistreamConfig.defaults().withSettingsOf(config);
        StreamNegotiation negotiation = new StreamNegotiation(
                protocols,
                limits,
                config.get(HostConfig.NEGOTIATION_TIMEOUT),
                config.get(HostConfig.MAX_NEGOTIATING_STREAMS),
                protocol -> config.get(HostConfig.PIPELINING),
                new StreamWatch(new StreamFailures(null), meter));
        ConnectionTimeouts timeouts = new ConnectionTimeouts(
                config.get(HostConfig.IDLE_TIMEOUT),
                config.get(HostConfig.SUPERSEDED_TIMEOUT),
                config.get(HostConfig.DRAIN_TIMEOUT),
                config.get(HostConfig.LINGER_TIMEOUT),
                config.get(HostConfig.OPEN_TIMEOUT));
        return new UpgradeStages(
                identity(key, config),
                Runnable::run,
                new ConnectionFactory(
                        YamuxConfig.defaults().withSettingsOf(config),
                        new HostMemory(1 << 20),
                        negotiation,
                        timeouts,
                        System::nanoTime),
                new UpgradeSettings(
                        config.get(HostConfig.UPGRADE_TIMEOUT),
                        config.get(HostConfig.LINGER_TIMEOUT),
                        limits,
                        config.get(HostConfig.PIPELINING)),
                meter);
    }

    /** A channel that has a remote address. */
    private static final class Socket extends EmbeddedChannel {
        Socket(ChannelInitializer<Channel> initializer) {
            super(initializer);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);
        }
    }

    /** Makes one key pair first, which is the static key. All later key pairs are the same. */
    private static final class SameKeys implements X25519 {
        private final X25519 real = NoiseCrypto.jdk().x25519();
        private int made;

        @Override
        public KeyPair generate() {
            byte[] privateKey = new byte[KEY_BYTES];
            Arrays.fill(privateKey, (byte) (made++ == 0 ? 17 : 34));
            return real.keyPair(privateKey);
        }

        @Override
        public KeyPair keyPair(byte[] privateKey) {
            return real.keyPair(privateKey);
        }

        @Override
        public boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret) {
            return real.agree(privateKey, publicKey, secret);
        }
    }
}
