package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.yamux.GoAwayCode;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Yamux session, the last handler of a connection's pipeline: frames come in and go out as {@link ByteBuf}s, streams
 * are {@link YamuxStreamChannel}s.
 *
 * <h2>Order of calls</h2>
 * When it is added to the pipeline, it holds input back and requests no read until {@link #start}. Then {@link #openStream} and
 * {@link #ping}, in any number, until {@link YamuxListener#sessionEnded}. {@link #shutdown} ends the session on purpose. This handler
 * never closes the connection: its owner does.
 *
 * <h2>Flushing</h2>
 * Data written during a round of reading leaves when that round is complete; all other data at the end of the call that flushed it.
 *
 * <h2>Reading</h2>
 * While 32 answers wait because the connection is not writable, nothing is read from it. When a round of reading has taken 3 ms, its
 * other frames wait for a later task, so that other connections of the event loop are served. A stream that is not read does not delay
 * others: its bytes wait in its window.
 *
 * <h2>Errors</h2>
 * A stream's error resets that stream. A session's error ends the session: GO_AWAY is sent, every stream fails, and the owner is
 * notified. After the end, every returned promise is completed.
 *
 * <h2>Threads</h2>
 * Unless stated otherwise, methods may be called on any thread.
 */
public final class YamuxHandler extends ChannelDuplexHandler {
    /*
     * This class has Netty's events and the owner's calls; both only begin a turn and leave marks. Turn decides what is due,
     * SessionSteps does it: InboundFrames reads, LocalStream is one stream, FrameWriter writes, SessionEnd ends. None of them knows
     * this class.
     */
    private static final Logger LOG = LoggerFactory.getLogger(YamuxHandler.class);

    private final YamuxConfig config;
    private final YamuxListener listener;
    private final YamuxSession session;

    /** Created when the handler is added to a pipeline. It knows the other parts. */
    private @Nullable SessionEnd end;

    /**
     * A session with memory of its own.
     *
     * @param role the role in the connection's upgrade (Noise): the initiator opens odd ids
     * @param config the limits
     * @param listener the owner
     */
    public YamuxHandler(Role role, YamuxConfig config, YamuxListener listener) {
        this(role, config, listener, MemoryBudget.UNLIMITED);
    }

    /**
     * A session that shares memory with others.
     *
     * @param role the role in the connection's upgrade (Noise): the initiator opens odd ids
     * @param config the limits
     * @param listener the owner
     * @param hostBudget the budget for unread bytes and grown windows
     */
    public YamuxHandler(Role role, YamuxConfig config, YamuxListener listener, MemoryBudget hostBudget) {
        this.config = config;
        this.listener = listener;
        this.session = new YamuxSession(role, config, hostBudget);
    }

    // What the owner does

    /** Begins to read frames, including held-back ones. Event loop only, once. */
    public void start() {
        end().start();
    }

    /**
     * Opens a stream. It waits while {@code maxOutboundStreams} are open, or 256 have not been acknowledged; cancelling the future
     * gives up its slot.
     *
     * @param initializer puts handlers into the new stream's pipeline, on the event loop; data written there, from
     *     {@code channelActive} or by the future's listeners is sent in the frame that opens the stream. The channel becomes active
     *     afterwards.
     * @return the stream; fails when the session has ended or its ids are used up, or when the initializer throws
     */
    public Future<YamuxStreamChannel> openStream(Consumer<? super YamuxStreamChannel> initializer) {
        PendingOpens.Open open =
                new PendingOpens.Open(initializer, parts().wire().executor().newPromise());
        onEventLoop(open.promise(), () -> open(open));
        return open.promise();
    }

    private void open(PendingOpens.Open open) {
        SessionClosedException refusal = end().refusalOfOpen();
        if (refusal != null) {
            open.promise().tryFailure(refusal);
            return;
        }
        turn().begin();
        parts().opens().add(open);
        turn().end();
        if (!open.promise().isDone()) {
            parts().opens().removeWhenCancelled(open);
        }
    }

    /** The streams that are open or waiting for their end, of both sides. */
    public int openStreams() {
        return end == null ? 0 : end.parts().streams().count();
    }

    /**
     * Ends the session: refuses new inbound streams by RST, waits for streams that have unsent bytes of ours or an
     * unanswered request of the peer, sends GO_AWAY, fails the remaining streams, and reports {@code sessionEnded(null)}.
     *
     * @param goAwayCode see {@link GoAwayCode}
     * @param drain the longest wait
     */
    public void shutdown(long goAwayCode, Duration drain) {
        EventExecutor executor = parts().wire().executor();
        if (executor.inEventLoop()) {
            end().drain(goAwayCode, drain);
        } else {
            executor.execute(() -> end().drain(goAwayCode, drain));
        }
    }

    /**
     * Ends the session at once: sends nothing more, not even GO_AWAY; every stream, waiting open and ping fails. When called on the
     * event loop, {@code sessionEnded} is reported before this returns.
     *
     * @param cause their failure
     */
    public void abort(SessionClosedException cause) {
        EventExecutor executor = parts().wire().executor();
        if (executor.inEventLoop()) {
            end().end(() -> cause);
        } else {
            executor.execute(() -> end().end(() -> cause));
        }
    }

    /**
     * Measures the round trip with a ping. One is open at a time; later callers share it.
     *
     * @return the time from request to answer; fails when the session ends before
     */
    public Future<Duration> ping() {
        Promise<Duration> promise = parts().wire().executor().newPromise();
        onEventLoop(promise, () -> ping(promise));
        return promise;
    }

    private void ping(Promise<Duration> promise) {
        SessionClosedException refusal = end().refusalOfPing();
        if (refusal != null) {
            promise.tryFailure(refusal);
            return;
        }
        turn().begin();
        parts().pings().request(promise);
        turn().end();
    }

    /** The last measured round trip in nanoseconds; 0 before the first. */
    public long roundTripNanos() {
        return end == null ? 0 : end.parts().pings().roundTripNanos();
    }

    /** Whether a frame of the peer has been read. */
    public boolean hasReceived() {
        return end != null && end.parts().inbound().hasRead();
    }

    // What Netty tells

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        SessionParts parts = SessionParts.of(ctx, session, config, listener);
        end = new SessionEnd(parts, config);
        parts.turn().start(new SessionSteps(parts, end));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end().end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE, "the session was removed from its connection", null));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf bytes) {
            parts().inbound().beginRound();
            parts().inbound().add(bytes);
            turn().readRound();
            if (parts().inbound().isBlocked()) {
                turn().wantInput(); // later: until then nothing is read, not even what is left of this round
            }
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        parts().inbound().endRound();
        turn().endRound();
        ctx.fireChannelReadComplete();
    }

    /**
     * Reading is asked for from behind this handler, which passes that on when it has room for what comes.
     */
    @Override
    public void read(ChannelHandlerContext ctx) {
        turn().wantInput();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        turn().begin();
        if (ctx.channel().isWritable()) {
            parts().wire().taken(WriteStall.LEAST_BYTES); // more than that lies between the water marks
        } else {
            end().connectionFull();
        }
        turn().end();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            completeInput();
            if (!end().isHeld()) {
                end().end(parts().inbound()::endOfInput);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        completeInput();
        end().end(parts().inbound()::endOfInput);
        ctx.fireChannelInactive();
    }

    /** Input before the end still counts: it is read now. */
    private void completeInput() {
        turn().begin();
        parts().inbound().complete();
        turn().end();
    }

    /** After any failure, in front of this handler or in it, the session cannot continue. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (end().isEnded()) {
            LOG.trace("connection={} after-end={}", ctx.channel().id().asShortText(), cause.toString());
        } else if (cause instanceof IOException) {
            end().end(() -> cause);
        } else {
            end().fail(cause);
        }
    }

    private Turn turn() {
        return parts().turn();
    }

    private SessionParts parts() {
        return end().parts();
    }

    private SessionEnd end() {
        SessionEnd created = end;
        if (created == null) {
            throw new IllegalStateException("the session is not in a pipeline yet");
        }
        return created;
    }

    /** Runs on the event loop; if the loop has ended, the promise fails. */
    private void onEventLoop(Promise<?> promise, Runnable action) {
        EventExecutor executor = parts().wire().executor();
        if (executor.inEventLoop()) {
            action.run();
            return;
        }
        try {
            executor.execute(action);
        } catch (RejectedExecutionException shutDown) {
            promise.tryFailure(shutDown);
        }
    }
}
