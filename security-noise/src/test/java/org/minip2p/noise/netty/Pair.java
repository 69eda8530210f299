package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;

/** Both ends of a connection in memory. Data moves between them only in {@link #pump}. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Pair implements AutoCloseable {
    final End initiator;
    final End responder;

    Pair(NoiseIdentity initiator, NoiseIdentity responder) {
        this(initiator, responder, null);
    }

    Pair(NoiseIdentity initiator, NoiseIdentity responder, @Nullable PeerId expected) {
        this.initiator = new End(initiator, Role.INITIATOR, expected);
        this.responder = new End(responder, Role.RESPONDER, null);
    }

    Pair(End initiator, End responder) {
        this.initiator = initiator;
        this.responder = responder;
    }

    /** Carries all data in both directions until neither end sends any more. */
    Pair pump() {
        return pump(UnaryOperator.identity());
    }

    /** The same, with each delivery changed in transit. */
    Pair pump(UnaryOperator<byte[]> onTheWay) {
        boolean isMoving = true;
        while (isMoving) {
            byte[] there = initiator.sent();
            byte[] back = responder.sent();
            isMoving = there.length + back.length > 0;
            responder.receive(onTheWay.apply(there));
            initiator.receive(onTheWay.apply(back));
        }
        return this;
    }

    /** The same, byte by byte. */
    Pair pumpBytes() {
        boolean isMoving = true;
        while (isMoving) {
            byte[] there = initiator.sent();
            byte[] back = responder.sent();
            isMoving = there.length + back.length > 0;
            for (byte b : there) {
                responder.receive(new byte[] {b});
            }
            for (byte b : back) {
                initiator.receive(new byte[] {b});
            }
        }
        return this;
    }

    @Override
    public void close() {
        initiator.close();
        responder.close();
    }

    /** One end: its channel, and everything that its listener and the next stage received. */
    static final class End implements SecureChannelListener, AutoCloseable {
        final List<SecureSession> sessions = new ArrayList<>();
        final List<Libp2pException> failures = new ArrayList<>();
        final Tail tail = new Tail();
        final Network network = new Network();
        final EmbeddedChannel channel;

        /** Written when the channel is secured, unless null. */
        byte @Nullable [] greeting;

        End(NoiseIdentity identity, Role role, @Nullable PeerId expected) {
            this(identity, role, expected, null);
        }

        End(NoiseIdentity identity, Role role, @Nullable PeerId expected, byte @Nullable [] greeting) {
            this(identity, role, expected, greeting, null);
        }

        End(
                NoiseIdentity identity,
                Role role,
                @Nullable PeerId expected,
                byte @Nullable [] greeting,
                @Nullable Executor verifier) {
            this.greeting = greeting;
            channel = new EmbeddedChannel(
                    network, new NoiseHandshakeHandler(identity, role, expected, this, verifier), tail);
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            sessions.add(session);
            if (greeting != null) {
                ctx.channel().write(Unpooled.copiedBuffer(greeting));
            }
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            failures.add(cause);
        }

        /** Everything flushed since the last call. */
        byte[] sent() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
                byte[] bytes = new byte[buffer.readableBytes()];
                buffer.readBytes(bytes);
                buffer.release();
                all.writeBytes(bytes);
            }
            return all.toByteArray();
        }

        void receive(byte[] bytes) {
            if (bytes.length > 0) {
                ByteBuf buffer = channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
                channel.writeInbound(buffer);
            }
        }

        NoiseTransportHandler transport() {
            return channel.pipeline().get(NoiseTransportHandler.class);
        }

        @Override
        public void close() {
            channel.finishAndReleaseAll();
            channel.checkException();
        }
    }

    /** The handler after the stages. It keeps everything that it receives. */
    static final class Tail extends ChannelInboundHandlerAdapter {
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        final List<Integer> sizes = new ArrayList<>();
        final List<Object> events = new ArrayList<>();
        int readCompletes;
        boolean isActive;
        boolean isInactive;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            isActive = true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            received.writeBytes(bytes);
            sizes.add(bytes.length);
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
        public void channelInactive(ChannelHandlerContext ctx) {
            isInactive = true;
        }
    }

    /** The network's side. It counts writes and flushes. */
    static final class Network extends ChannelDuplexHandler {
        int flushes;
        int writes;
        int reads;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, io.netty.channel.ChannelPromise promise) {
            writes++;
            ctx.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            ctx.flush();
        }

        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
            ctx.read();
        }
    }
}
