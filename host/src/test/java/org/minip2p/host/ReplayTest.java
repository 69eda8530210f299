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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
import org.minip2p.core.testing.Conforms;
import org.minip2p.multistream.MultistreamLimits;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/**
 * A session of two ends in memory is recorded (upgrade, one stream with a request, its end, an answer, its end, close) and then played to
 * each end again, with the same keys: in one piece, byte by byte, and cut after each byte.
 */
class ReplayTest {
    private static final ProtocolId ASK = new ProtocolId("/ask/1.0.0");
    private static final byte[] REQUEST = "what is the answer?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "forty-two".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey dialerKey = PrivateKey.generate(KeyType.ED25519);
    private final PrivateKey listenerKey = PrivateKey.generate(KeyType.ED25519);
    private final ByteArrayOutputStream fromDialer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromListener = new ByteArrayOutputStream();

    /** How much the listener can send before it has heard of a stream. */
    private int beforeStreams;

    @BeforeEach
    void record() {
        End dialer = new End(Role.INITIATOR, HostConfig.defaults());
        End listener = new End(Role.RESPONDER, HostConfig.defaults());
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
    @Conforms({"CON-6", "CON-17"})
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
    @Conforms({"CON-16", "CON-32"})
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

        assertThat(successes).as("only what follows the end of the stream can be missing").isLessThan(80);
    }

    /** Neither end understands the other when both believe that they dialed, or both that they accepted. SEC-G20 */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Conforms({"CON-18", "CON-20"})
    void failsAtOnceWhenBothEndsDialed(boolean pipelining) {
        HostConfig config = HostConfig.builder().pipelining(pipelining).build();
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
    @Conforms("CON-3")
    void sendsNothingInClearButTheNegotiationOfSecurity() {
        String there = fromDialer.toString(StandardCharsets.ISO_8859_1);
        String back = fromListener.toString(StandardCharsets.ISO_8859_1);

        assertThat(there).startsWith("\u0013/multistream/1.0.0\n\u0007/noise\n");
        assertThat(back).startsWith("\u0013/multistream/1.0.0\n\u0007/noise\n");
        for (String clear : List.of("yamux", "/ask", "answer", "forty")) {
            assertThat(there).doesNotContain(clear);
            assertThat(back).doesNotContain(clear);
        }
        assertThat(back).doesNotContain(new String(listenerKey.publicKey().data(), StandardCharsets.ISO_8859_1));
        assertThat(there).doesNotContain(new String(dialerKey.publicKey().data(), StandardCharsets.ISO_8859_1));
    }

    private byte[] recordedFor(Role role) {
        return (role == Role.INITIATOR ? fromListener : fromDialer).toByteArray();
    }

    /** One end: a channel with all layers of a host, on this thread alone. */
    private final class End {
        final List<String> told = new ArrayList<>();
        final AtomicInteger streams = new AtomicInteger();
        final CompletableFuture<byte[]> result = new CompletableFuture<>();
        final EmbeddedChannel channel;
        private final Role role;

        @Nullable Throwable failure;

        End(Role role, HostConfig config) {
            this.role = role;
            HostServices services = services(role == Role.INITIATOR ? dialerKey : listenerKey, config);
            ConnectionTable table = new ConnectionTable(services, connection -> {});
            services.protocols().add(ASK, stream -> use(stream, null));
            services.events().addObserver(this::tell);
            Upgrade.Outcome outcome = new Upgrade.Outcome() {
                @Override
                public void upgraded(Connection connection) {
                    table.decide(connection, verdict(connection));
                }

                @Override
                public void failed(Throwable cause) {
                    failure = cause;
                }
            };
            channel = new Socket(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    new Upgrade(services, role, null, opened, outcome).start();
                }
            });
        }

        private ConnectionTable.Verdict verdict(Connection connection) {
            return new ConnectionTable.Verdict() {
                @Override
                public void admitted() {
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

        private void use(Stream stream, @Nullable Connection toClose) {
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

        /** In one piece, or as few as there can be: no listener answers on a stream before it was opened. */
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

    /** Asks when it is the dialer's, answers when it is the listener's. */
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

    private static HostServices services(PrivateKey key, HostConfig config) {
        NoiseCrypto crypto =
                NoiseCrypto.of("fixed", new SameKeys(), bytes -> NoiseCrypto.jdk().aead(bytes));
        NoiseConfig noise = NoiseConfig.defaults().withCrypto(crypto);
        return new HostServices(
                PeerId.of(key.publicKey()),
                config,
                NoiseIdentity.create(key, noise),
                Muxers.yamux(config),
                new HostMemory(1 << 20),
                new MultistreamLimits(config.maxProposals()),
                new ProtocolRegistry(),
                Set.of(),
                new ConnectionGater() {},
                new ConnectionLimits(config, address -> null),
                new Events(Runnable::run, config.maxWaitingEvents()),
                Runnable::run,
                ImmediateEventExecutor.INSTANCE,
                new AtomicLong());
    }

    /** A channel that says where it is connected to. */
    private static final class Socket extends EmbeddedChannel {
        Socket(ChannelInitializer<Channel> initializer) {
            super(initializer);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("127.0.0.1", 4001);
        }
    }

    /** Makes one key pair first, as the static key, and always the same one afterwards. */
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
