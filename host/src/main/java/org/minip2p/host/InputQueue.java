package org.minip2p.host;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connects an event loop that delivers with a thread that reads: it asks the channel for more only when the reader has found nothing.
 * The event loop puts, one thread at a time takes. Its content survives the channel, since a peer may finish before the reader does.
 */
final class InputQueue extends ChannelInboundHandlerAdapter {
    private final DuplexChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuf> buffers = new ArrayDeque<>();
    private boolean ended;
    private boolean closed;
    private boolean discarded;
    private @Nullable Throwable failure;

    InputQueue(DuplexChannel channel) {
        this.channel = channel;
    }

    /** Up to {@code length} bytes, -1 at the end of the input; waits for at least one. */
    int take(byte[] target, int offset, int length, Duration timeout) throws IOException {
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            while (buffers.isEmpty()) {
                if (ended) {
                    // The input is complete: a later failure, in the other direction or of the connection, does not
                    // concern the
                    // reader.
                    return -1;
                }
                if (failure != null) {
                    throw failure instanceof IOException known ? known : new IOException(failure);
                }
                if (closed || discarded) {
                    throw new IOException("the stream is closed");
                }
                if (nanos <= 0) {
                    throw new InterruptedIOException("read: nothing within " + timeout);
                }
                channel.read();
                nanos = changed.awaitNanos(nanos);
            }
            ByteBuf first = buffers.element();
            int taken = Math.min(length, first.readableBytes());
            first.readBytes(target, offset, taken);
            if (!first.isReadable()) {
                buffers.remove().release();
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("read").initCause(e);
        } finally {
            lock.unlock();
        }
    }

    int available() {
        lock.lock();
        try {
            return buffers.stream().mapToInt(ByteBuf::readableBytes).sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf buffer) || !buffer.isReadable()) {
            ReferenceCountUtil.release(message);
            return;
        }
        change(() -> {
            if (discarded) {
                buffer.release();
            } else {
                buffers.add(buffer);
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            change(() -> ended = true);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        change(() -> {
            if (failure == null) {
                failure = cause;
            }
        });
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        change(() -> closed = true);
        ctx.fireChannelInactive();
    }

    /** The reader has finished: releases unread data, and all data that arrives later. Any thread. */
    void discard() {
        change(() -> {
            discarded = true;
            buffers.forEach(ByteBuf::release);
            buffers.clear();
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
