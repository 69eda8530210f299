package org.minip2p.host;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;

/**
 * A stream for blocking code instead of callbacks: an {@link InputStream} and an {@link OutputStream}. It suits virtual threads well.
 *
 * <pre>{@code
 * try (BlockingStream stream = BlockingStream.open(connection, ECHO)) {
 *     stream.outputStream().write(question);
 *     answer = stream.inputStream().readNBytes(5);
 * }
 * }</pre>
 *
 * <p>Nothing is read ahead of the caller: while it does not read, the peer's window is not renewed, and the peer stops. A write blocks
 * while the stream cannot take more.
 *
 * <p>One thread may read while another writes; neither may be an event loop, which would wait for itself.
 */
public final class BlockingStream implements AutoCloseable {
    /** How long an open, a read, a write or a close waits by default. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final int WRITE_BYTES = 64 << 10;

    private final ProtocolStream stream;
    private final DuplexChannel channel;
    private final InputQueue input;
    private final In in = new In();
    private final Out out = new Out();
    private volatile Duration readTimeout = DEFAULT_TIMEOUT;
    private volatile Duration writeTimeout = DEFAULT_TIMEOUT;
    private volatile Duration closeTimeout = DEFAULT_TIMEOUT;
    private volatile boolean isReset;
    /** The failure that a read or a write has thrown. */
    private volatile @Nullable Throwable told;

    private BlockingStream(ProtocolStream stream) {
        this.stream = stream;
        this.channel = stream.channel();
        channel.config().setAutoRead(false);
        this.input = new InputQueue(channel);
        channel.pipeline().addLast(input);
    }

    /** Serves a stream with blocking calls. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called on a thread that may block; the stream is closed when it returns and reset when it throws.
         *
         * @param stream the stream
         * @throws IOException when the peer or the network fails
         */
        void serve(BlockingStream stream) throws IOException;
    }

    /**
     * Opens a stream and waits for it, {@link #DEFAULT_TIMEOUT} at most.
     *
     * @param connection the connection
     * @param protocol the protocol
     * @return the open stream
     * @throws IOException when it cannot be opened
     * @throws IllegalStateException on an event loop
     */
    public static BlockingStream open(Connection connection, ProtocolId protocol) throws IOException {
        return open(connection, protocol, DEFAULT_TIMEOUT);
    }

    /**
     * Opens a stream and waits for it. When that takes too long, or the thread is interrupted, no stream is left behind.
     *
     * @param connection the connection to the peer
     * @param protocol what to speak
     * @param timeout how long to wait
     * @return the open stream
     * @throws IOException when it cannot be opened; an {@link InterruptedIOException} when not in time
     * @throws IllegalStateException on an event loop
     */
    public static BlockingStream open(Connection connection, ProtocolId protocol, Duration timeout) throws IOException {
        BlockingCalls.refuseEventLoop(connection.eventLoop().inEventLoop());
        CompletableFuture<BlockingStream> opened = new CompletableFuture<>();
        StreamOptions options = StreamOptions.defaults().withTimeout(BlockingCalls.withinBounds(timeout));
        CompletableFuture<ProtocolStream> opening = connection.openStream(protocol, options, stream -> {
            if (!opened.complete(new BlockingStream(stream))) {
                stream.reset();
            }
        });
        opening.whenComplete((stream, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            }
        });
        boolean isHandedOver = false;
        try {
            BlockingStream stream = BlockingCalls.await(opened, timeout, "open " + protocol);
            isHandedOver = true;
            return stream;
        } catch (StreamOpenTimeoutException e) {
            throw (InterruptedIOException) new InterruptedIOException(e.getMessage()).initCause(e);
        } finally {
            if (!isHandedOver) {
                opening.cancel(false); // resets the stream if it comes
                opened.thenAccept(BlockingStream::reset); // it has come in the last moment
            }
        }
    }

    /**
     * {@return a handler for {@link HostBuilder#handle} that serves each stream on a thread of an executor}
     *
     * @param executor must have a thread for each stream that it serves at the same time
     * @param handler serves one stream
     */
    public static StreamHandler handler(Executor executor, Handler handler) {
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(handler, "handler");
        return stream -> {
            BlockingStream blocking = new BlockingStream(stream);
            executor.execute(() -> {
                // Not try-with-resources, which closes first: the peer would see a clean end.
                try {
                    handler.serve(blocking);
                    blocking.close();
                } catch (Throwable e) {
                    // Application code threw: report it and reset the stream, as if a channel handler had thrown it.
                    blocking.input.discard();
                    stream.pipeline().fireExceptionCaught(e);
                }
            });
        };
    }

    /**
     * Sets how long one read, one write or closing waits before it fails with an {@link InterruptedIOException}.
     *
     * @param limit the time, positive
     * @return this stream
     */
    public BlockingStream timeout(Duration limit) {
        return readTimeout(limit).writeTimeout(limit).closeTimeout(limit);
    }

    /**
     * Sets how long one read waits for the first byte before it fails with an {@link InterruptedIOException}.
     *
     * @param limit the time, positive
     * @return this stream
     */
    public BlockingStream readTimeout(Duration limit) {
        this.readTimeout = Objects.requireNonNull(limit);
        return this;
    }

    /**
     * Sets how long one write waits for room before it fails with an {@link InterruptedIOException}.
     *
     * @param limit the time, positive
     * @return this stream
     */
    public BlockingStream writeTimeout(Duration limit) {
        this.writeTimeout = Objects.requireNonNull(limit);
        return this;
    }

    /**
     * Sets how long closing waits until the written bytes have left, before it fails with an {@link InterruptedIOException}.
     *
     * @param limit the time, positive
     * @return this stream
     */
    public BlockingStream closeTimeout(Duration limit) {
        this.closeTimeout = Objects.requireNonNull(limit);
        return this;
    }

    /** {@return the connection that carries it} */
    public Connection connection() {
        return stream.connection();
    }

    /** {@return whether the stream has ended: by {@link #close}, a reset, the end of its connection, or because both sides have ended} */
    public boolean isClosed() {
        return !channel.isOpen();
    }

    /** {@return who is at the other end} */
    public PeerId remotePeer() {
        return stream.remotePeer();
    }

    /** {@return the protocol of the stream} */
    public ProtocolId protocol() {
        return stream.protocol();
    }

    /** Ends both directions at once: unsent bytes are dropped, the peer sees an error, and {@link #close} reports no further failure. */
    public void reset() {
        isReset = true;
        input.discard();
        stream.reset();
    }

    /** {@return the bytes from the peer, until it ends its side} A reset or a lost connection is an {@link IOException}, never the end. */
    public InputStream inputStream() {
        return in;
    }

    /** {@return the bytes to the peer} Closing it ends this side, after everything that was written; the other side stays open. */
    public OutputStream outputStream() {
        return out;
    }

    /**
     * Ends this side after everything that was written; reading continues.
     *
     * @throws IOException when the stream was reset or its connection is lost, or, as an {@link InterruptedIOException}, when the bytes do
     *     not leave in time
     */
    public void closeOutput() throws IOException {
        out.close();
    }

    /**
     * Closes both sides: discards unread bytes, and waits until written bytes have been sent. Closing again does nothing. On an event loop,
     * which cannot wait, it only begins to close.
     *
     * @throws IOException when written bytes have been lost, because the stream or its connection ended before they left; if a read or a
     *     write has already thrown that failure, it is the cause of this one; an {@link InterruptedIOException} when the bytes have not
     *     left in time, and may still do so
     */
    @Override
    public void close() throws IOException {
        if (isReset) {
            return;
        }
        boolean isFirst = channel.isOpen();
        input.discard();
        ChannelFuture closed = channel.close();
        if (channel.eventLoop().inEventLoop()) {
            return;
        }
        ChannelFuture lastWrite = out.takeLast();
        if (isFirst) {
            awaitEnd(closed, "close");
        }
        if (lastWrite != null) {
            awaitEnd(lastWrite, "close");
        }
    }

    /**
     * Never throws the same exception twice: try-with-resources adds this exception to that of its body, and cannot add an exception to
     * itself.
     */
    private void awaitEnd(Future<?> future, String what) throws IOException {
        Throwable before = told;
        try {
            await(future, closeTimeout, what);
        } catch (IOException e) {
            told = e;
            throw e == before ? new IOException(what + ": " + e.getMessage(), e) : e;
        }
    }

    private void await(Future<?> future, Duration limit, String what) throws IOException {
        BlockingCalls.refuseEventLoop(channel.eventLoop().inEventLoop());
        BlockingCalls.await(future, limit, what);
    }

    private final class In extends InputStream {
        private final byte[] one = new byte[1];

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            BlockingCalls.refuseEventLoop(channel.eventLoop().inEventLoop());
            if (length == 0) {
                return 0;
            }
            try {
                return input.take(target, offset, length, readTimeout);
            } catch (IOException e) {
                told = e;
                throw e;
            }
        }

        @Override
        public int available() {
            return input.available();
        }

        @Override
        public void close() {
            input.discard();
            channel.shutdownInput();
        }
    }

    private final class Out extends OutputStream {
        private volatile @Nullable ChannelFuture last;

        /** The last write, whose failure has not been reported. */
        @Nullable ChannelFuture takeLast() {
            ChannelFuture taken = last;
            last = null;
            return taken;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, source.length);
            for (int at = 0; at < length; at += WRITE_BYTES) {
                waitForRoom();
                int size = Math.min(WRITE_BYTES, length - at);
                ByteBuf chunk = channel.alloc().buffer(size, size).writeBytes(source, offset + at, size);
                last = channel.writeAndFlush(chunk);
            }
        }

        /** One earlier write may still be pending. */
        private void waitForRoom() throws IOException {
            ChannelFuture before = last;
            if (before != null && (before.isDone() || !channel.isWritable())) {
                try {
                    await(before, writeTimeout, "write");
                } catch (IOException e) {
                    told = e;
                    throw e;
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (!channel.isOutputShutdown()) {
                awaitEnd(channel.shutdownOutput(), "end of output");
                return;
            }
            ChannelFuture lastWrite = last;
            if (lastWrite != null && lastWrite.cause() != null && !isReset) {
                last = null; // told once
                awaitEnd(lastWrite, "end of output");
            }
        }
    }
}
