package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.StreamQueueFullException;

/** The end of a stream's pipeline: where writes and reads of the application arrive, on the event loop. */
final class StreamUnsafe implements Channel.Unsafe {
    private final LocalStream stream;

    StreamUnsafe(LocalStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(Object msg, ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            ReferenceCountUtil.release(msg);
            return;
        }
        Throwable refusal = msg instanceof ByteBuf bytes
                ? refusal(bytes.readableBytes())
                : new UnsupportedOperationException(
                        "a stream carries ByteBuf, not " + msg.getClass().getName());
        if (refusal != null) {
            ReferenceCountUtil.release(msg);
            promise.tryFailure(refusal);
            if (refusal instanceof StreamQueueFullException overflow) {
                stream.overflow(overflow); // does nothing when it is the stream's own failure
            }
            return;
        }
        stream.output().write((ByteBuf) msg, promise);
    }

    /** Why a write is refused; null when it is not. */
    private @Nullable Throwable refusal(int length) {
        StreamLife life = stream.life();
        Throwable failure = life.writeFailure();
        if (failure != null) {
            return failure;
        }
        if (!life.isOpen()) {
            return new ClosedChannelException();
        }
        if (stream.output().isShutdown()) {
            return life.isClosing()
                    ? new ClosedChannelException()
                    : new ChannelOutputShutdownException("the output of this stream was shut down");
        }
        return stream.output().limit().overflow(length);
    }

    @Override
    public void flush() {
        if (stream.life().isOpen()) {
            stream.begin();
            stream.output().flush();
            stream.end();
        }
    }

    @Override
    public void beginRead() {
        if (stream.life().isOpen()) {
            stream.askForRead();
        }
    }

    /** Discards input; the peer is not told. */
    void shutdownInput() {
        if (!stream.input().isShutdown()) {
            stream.begin();
            stream.input().discard();
            stream.end();
        }
    }

    /** FIN after all accepted writes; the promise completes with it. */
    void shutdownOutput(ChannelPromise promise) {
        StreamOutput output = stream.output();
        if (output.isDone() || !stream.life().isOpen()) {
            StreamOutput.complete(promise, stream.life().writeFailure());
            return;
        }
        stream.begin();
        output.addFinPromise(promise);
        output.queueFin();
        stream.end();
    }

    @Override
    public void close(ChannelPromise promise) {
        if (promise.setUncancellable()) {
            if (!promise.isVoid()) {
                stream.closed()
                        .addListener(done ->
                                StreamOutput.complete(promise, stream.life().closeFailure()));
            }
            stream.close();
        }
    }

    @Override
    public void closeForcibly() {
        stream.reset(0);
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        close(promise);
    }

    @Override
    public void deregister(ChannelPromise promise) {
        unsupported(promise, "a stream stays on the event loop of its connection");
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        unsupported(promise, "a stream is registered by its session");
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        unsupported(promise, "a stream has no address of its own");
    }

    @Override
    public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        unsupported(promise, "a stream has no address of its own");
    }

    private static void unsupported(ChannelPromise promise, String why) {
        if (promise.setUncancellable()) {
            promise.tryFailure(new UnsupportedOperationException(why));
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the type is the interface's
    public RecvByteBufAllocator.Handle recvBufAllocHandle() {
        return stream.channel()
                .config()
                .<RecvByteBufAllocator>getRecvByteBufAllocator()
                .newHandle();
    }

    @Override
    public SocketAddress localAddress() {
        return stream.channel().localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return stream.channel().remoteAddress();
    }

    @Override
    public ChannelPromise voidPromise() {
        return stream.channel().voidPromise();
    }

    @Override
    public @Nullable ChannelOutboundBuffer outboundBuffer() {
        return null;
    }
}
