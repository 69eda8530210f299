package org.minip2p.protocols;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends pings on one stream, one at a time, the first as soon as the stream is open. An unused stream is closed after a while, so that it
 * does not keep the connection in use, and the next ping does not find it dead (PNG-8, PNG-16).
 *
 * <p>For one stream, and confined to its event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">ping</a>
 */
final class PingInitiator extends ChannelInboundHandlerAdapter {
    /** Is told about the stream, on its event loop. */
    interface Listener {
        /** The ping was answered and its result is complete: the next may be sent. */
        void answered();

        /**
         * No further ping can be sent; called once. The last ping may still have no result.
         *
         * @param cause why that ping failed; null when the stream had probably ended before it got the ping, so that the ping should be
         *     sent again on another stream
         */
        void ended(@Nullable Throwable cause);
    }

    private enum State {
        /** Before the stream is open, and between pings. */
        READY,
        /** A ping was sent and not answered. */
        AWAITING_ANSWER,
        ENDED
    }

    private final byte[] request = new byte[Ping.REQUEST_BYTES];
    private final CompletableFuture<Duration> first;
    private final Consumer<byte[]> randomness;
    private final Duration idleLimit;
    private final Listener listener;
    private State state = State.READY;
    private boolean hasAnswered;
    private int matched;
    private long sentAtNanos;
    private @Nullable CompletableFuture<Duration> current;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ChannelHandlerContext ctx;

    /**
     * An initiator.
     *
     * @param first the result of the first ping
     * @param randomness fills the request of each ping (PNG-3)
     * @param idleLimit how long the stream is kept without a ping
     */
    PingInitiator(
            CompletableFuture<Duration> first, Consumer<byte[]> randomness, Duration idleLimit, Listener listener) {
        this.first = first;
        this.randomness = randomness;
        this.idleLimit = idleLimit;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        send(first);
    }

    /** Sends a ping; the one before it must have been answered. Does nothing when the stream has ended; the listener has been told. */
    void send(CompletableFuture<Duration> result) {
        ChannelHandlerContext context = ctx;
        if (state == State.ENDED || context == null) {
            return;
        }
        assert context.executor().inEventLoop();
        if (state == State.AWAITING_ANSWER) {
            throw new IllegalStateException("a ping is sent when the one before it has been answered");
        }
        stopIdle();
        state = State.AWAITING_ANSWER;
        current = result;
        matched = 0;
        try {
            write(context);
        } catch (RuntimeException | Error e) { // for example without memory
            end(e);
            context.fireExceptionCaught(e);
        }
    }

    private void write(ChannelHandlerContext context) {
        randomness.accept(request);
        ByteBuf bytes =
                context.alloc().buffer(Ping.REQUEST_BYTES, Ping.REQUEST_BYTES).writeBytes(request);
        sentAtNanos = context.executor().ticker().nanoTime();
        // A failed write ends the stream.
        var unused = context.writeAndFlush(bytes);
    }

    /** No more pings: closes the stream (PNG-8). */
    void finish() {
        ChannelHandlerContext context = ctx;
        if (context != null) {
            end(null);
            context.close();
        }
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            compare(context, in);
        } finally {
            in.release();
        }
    }

    private void compare(ChannelHandlerContext context, ByteBuf in) {
        while (in.isReadable() && state != State.ENDED) {
            if (state == State.READY) {
                fail(context, PingFailedException.Reason.UNASKED_BYTES, in.readableBytes() + " bytes answer no ping");
            } else if (in.readByte() != request[matched]) {
                fail(
                        context,
                        PingFailedException.Reason.WRONG_ANSWER,
                        "the answer differs from the request in byte " + matched);
            } else if (++matched == request.length) {
                answered(context);
            }
        }
    }

    private void answered(ChannelHandlerContext context) {
        CompletableFuture<Duration> result = current;
        Duration roundTrip = Duration.ofNanos(context.executor().ticker().nanoTime() - sentAtNanos);
        state = State.READY;
        hasAnswered = true;
        current = null;
        idle = context.executor().schedule(this::finish, idleLimit.toNanos(), TimeUnit.NANOSECONDS);
        if (result != null) {
            result.complete(roundTrip);
        }
        listener.answered();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            end(causeOrNull(cut()));
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(causeOrNull(cause));
        context.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(causeOrNull(cut()));
        context.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext context, PingFailedException.Reason reason, String message) {
        PingFailedException cause = new PingFailedException(reason, message);
        end(cause);
        // The end of the pipeline resets the stream (PNG-4).
        context.fireExceptionCaught(cause);
    }

    /** A responder may end a stream that it has used before; a ping that meets that end has not failed (PNG-16). */
    private @Nullable Throwable causeOrNull(Throwable cause) {
        return hasAnswered && matched % request.length == 0 ? null : cause;
    }

    private PingFailedException cut() {
        return new PingFailedException(
                PingFailedException.Reason.CUT,
                "expected " + request.length + " bytes, and the stream ended after " + matched);
    }

    private void end(@Nullable Throwable cause) {
        if (state != State.ENDED) {
            state = State.ENDED;
            current = null;
            stopIdle();
            listener.ended(cause);
        }
    }

    private void stopIdle() {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
    }
}
