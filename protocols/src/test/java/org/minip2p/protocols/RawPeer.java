package org.minip2p.protocols;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.minip2p.core.KeyType;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.host.Host;
import org.minip2p.multistream.netty.MultistreamInitiator;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.netty.NoiseHandshakeHandler;
import org.minip2p.noise.netty.SecureChannelListener;

/** A peer that agrees on a muxer with a host, and then sends any frames that a test specifies. */
final class RawPeer extends ChannelInboundHandlerAdapter implements AutoCloseable {
    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    /** A frame that the host sent. */
    record Frame(int type, int flags, long id, long length, ByteBuffer body) {
        boolean is(int otherType, int flag) {
            return type == otherType && (flags & flag) != 0;
        }
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final NoiseIdentity identity = NoiseIdentity.create(
            PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults().withEarlyMuxerNegotiation(false));
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final ByteBuf received = Unpooled.buffer();

    /** Completes when the host has closed the connection. */
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    private final Channel channel;

    /** Connects to a host and negotiates a muxer by its name. */
    RawPeer(Host host, String muxer) throws Exception {
        Multiaddr address = host.addresses().get(0);
        int port = Integer.parseInt(address.components().get(1).value());
        channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connecting) {
                        connecting
                                .pipeline()
                                .addLast(propose(
                                        "/noise",
                                        new NoiseHandshakeHandler(identity, Role.INITIATOR, null, new Secured(muxer))));
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .channel();
        HostPair.get(ready);
    }

    private final class Secured implements SecureChannelListener {
        private final String muxer;

        Secured(String muxer) {
            this.muxer = muxer;
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            ctx.pipeline().addAfter(ctx.name(), null, propose(muxer, RawPeer.this));
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            ready.completeExceptionally(cause);
        }
    }

    private ChannelHandler propose(String protocol, ChannelHandler next) {
        return MultistreamInitiator.waiting(List.of(new ProtocolId(protocol)), new NegotiationListener() {
            @Override
            public void negotiated(ChannelHandlerContext ctx, ProtocolId agreed) {
                ctx.pipeline().addAfter(ctx.name(), null, next);
            }

            @Override
            public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
                ready.completeExceptionally(cause);
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ready.complete(null);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        received.writeBytes(in);
        in.release();
        while (received.readableBytes() >= 12) {
            received.markReaderIndex();
            int word = received.readInt();
            long id = received.readUnsignedInt();
            long length = received.readUnsignedInt();
            int type = word >> 16;
            if (type == DATA && received.readableBytes() < length) {
                received.resetReaderIndex();
                break;
            }
            byte[] body = new byte[type == DATA ? (int) length : 0];
            received.readBytes(body);
            frames.add(new Frame(type, word & 0xffff, id, length, ByteBuffer.wrap(body)));
        }
        received.discardSomeReadBytes();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        closed.complete(null);
        ctx.close();
    }

    /** Sends a frame whose length field is the length of its body. */
    void send(int type, int flags, long id, byte[] body) {
        send(type, flags, id, body.length, body);
    }

    void send(int type, int flags, long id, long length, byte[] body) {
        channel.writeAndFlush(header(type, flags, id, length).writeBytes(body));
    }

    /** Sends many headers in one write. */
    void sendHeaders(List<ByteBuf> headers) {
        ByteBuf all = Unpooled.buffer(12 * headers.size());
        headers.forEach(all::writeBytes);
        channel.writeAndFlush(all);
    }

    static ByteBuf header(int type, int flags, long id, long length) {
        return Unpooled.buffer()
                .writeInt((type << 16) | flags)
                .writeInt((int) id)
                .writeInt((int) length);
    }

    /** Waits for the next frame that matches, and drops the frames before it. */
    Frame await(Predicate<Frame> wanted) throws Exception {
        for (Frame frame; (frame = frames.poll(10, TimeUnit.SECONDS)) != null; ) {
            if (wanted.test(frame)) {
                return frame;
            }
        }
        throw new TimeoutException("no such frame within 10 s");
    }

    /** Waits for a frame that matches. Returns all frames up to and including this one. */
    List<Frame> awaitUntil(Predicate<Frame> last) throws Exception {
        List<Frame> before = new ArrayList<>();
        before.add(await(frame -> {
            before.add(frame);
            return last.test(frame);
        }));
        before.remove(before.size() - 1);
        return before;
    }

    @Override
    public void close() {
        channel.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        identity.close();
    }
}
