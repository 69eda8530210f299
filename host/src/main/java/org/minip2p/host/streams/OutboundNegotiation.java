package org.minip2p.host.streams;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.ResetCode;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamOpenTimeoutException;
import org.minip2p.host.StreamOptions;
import org.minip2p.host.observing.StreamMeter;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * Negotiates the protocol of a stream that this side opens. With one proposal, the handler gets the stream at once, and a refusal is
 * an exception in its pipeline; with several, it gets the stream when the peer has chosen. Confined to the event loop, except for
 * construction.
 */
final class OutboundNegotiation implements NegotiationListener, StreamUse.Negotiating {
    private final StreamNegotiation negotiation;
    private final StreamTail tail;
    private final List<ProtocolId> protocols;
    private final StreamOptions options;
    private final StreamHandler handler;
    private final CompletableFuture<ProtocolStream> result = new CompletableFuture<>();
    private @Nullable YamuxStreamChannel channel;
    private @Nullable StreamUse use;
    private @Nullable StreamMeter meter;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;

    OutboundNegotiation(
            StreamNegotiation negotiation,
            StreamTail tail,
            List<ProtocolId> protocols,
            StreamOptions options,
            StreamHandler handler) {
        this.negotiation = negotiation;
        this.tail = tail;
        this.protocols = List.copyOf(protocols);
        this.options = options;
        this.handler = handler;
    }

    /** Completes with the stream when its handler has run. */
    CompletableFuture<ProtocolStream> result() {
        return result;
    }

    /** The muxer has created the stream. */
    void start(YamuxStreamChannel opened) {
        channel = opened;
        if (result.isDone()) {
            opened.reset(ResetCode.NONE);
            return;
        }
        deadline = negotiation.deadline(opened, this::timedOut);
        meter = tail.begins(opened);
        opened.pipeline().addLast(StreamTail.NEGOTIATION, negotiation.initiator(protocols, this));
    }

    /**
     * Fails the opening when it takes too long, and withdraws it when it has failed or was cancelled.
     *
     * @param opening the muxer's future
     * @param timers schedules the time-out
     * @param defaultTimeout how long it may take by default
     */
    void limit(Future<YamuxStreamChannel> opening, EventLoop timers, Duration defaultTimeout) {
        if (result.isDone()) {
            opening.cancel(false);
            return; // the usual case: there was a free slot
        }
        Duration timeout = options.timeout().orElse(defaultTimeout);
        ScheduledFuture<?> timer =
                timers.schedule(() -> openingTimedOut(timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
        result.whenComplete((stream, failure) -> {
            timer.cancel(false);
            opening.cancel(false);
        });
    }

    private void openingTimedOut(Duration timeout) {
        YamuxStreamChannel opened = channel;
        String waitedFor = opened == null ? "a free stream slot of the connection" : "the peer's choice";
        boolean isLate = result.completeExceptionally(new StreamOpenTimeoutException(
                "no stream for " + protocols + " within " + timeout.toMillis() + " ms: waited for " + waitedFor,
                timeout));
        if (isLate && opened == null) {
            tail.notOpened(StreamFault.TIMEOUT);
        }
        if (isLate && opened != null) {
            notAgreed(StreamFault.TIMEOUT);
            opened.reset(ResetCode.NEGOTIATION_FAILED);
        }
    }

    /** The stream is open, and uses its connection until it is closed; the negotiation may already have ended it. */
    void opened(StreamUse streamUse) {
        use = streamUse;
        if (!over) {
            streamUse.negotiationStarts(this);
        }
    }

    /** The muxer could not create a stream. */
    void notOpened(Throwable cause) {
        finish();
        if (result.completeExceptionally(cause)) {
            tail.notOpened(StreamFault.CONNECTION_CLOSED);
        }
    }

    @Override
    public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
        YamuxStreamChannel opened = (YamuxStreamChannel) ctx.channel();
        if (!negotiation.isLazy(protocols)) {
            finish();
            closeWithPeerIfWanted(opened);
        }
        ProtocolStream stream = tail.negotiated(opened, protocol, meter);
        Throwable failure = tail.handOver(stream, ctx, handler);
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (!result.complete(stream)) {
            opened.reset(ResetCode.NONE);
        }
    }

    @Override
    public void confirmed(ChannelHandlerContext ctx, ProtocolId protocol) {
        finish();
        closeWithPeerIfWanted(ctx.channel());
    }

    /** Not while it negotiates: an end instead of an answer is a refusal, and is reported as one. */
    private void closeWithPeerIfWanted(Channel agreed) {
        if (options.peerEnd() == PeerEnd.CLOSE_WITH_PEER) {
            agreed.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        }
    }

    @Override
    public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
        finish();
        if (!ctx.channel().isOpen()) {
            // Closed by its own handlers, or by the peer, which they already know.
            result.completeExceptionally(cause);
            return;
        }
        notAgreed(StreamTail.fault(cause));
        boolean isTold = cause.getCause() != null; // the exception itself went through the pipeline
        if (!result.completeExceptionally(cause) && !isTold) {
            ctx.fireExceptionCaught(cause);
        }
        ((YamuxStreamChannel) ctx.channel()).reset(ResetCode.NEGOTIATION_FAILED);
    }

    private void timedOut() {
        Duration timeout = negotiation.timeout();
        Libp2pException cause = new StreamOpenTimeoutException(
                "no answer to " + protocols + " within " + timeout.toMillis() + " ms", timeout);
        YamuxStreamChannel opened = channel;
        if (opened != null) {
            notAgreed(StreamFault.TIMEOUT);
            if (!result.completeExceptionally(cause)) {
                opened.pipeline().fireExceptionCaught(cause);
            }
            opened.reset(ResetCode.NEGOTIATION_FAILED);
        }
    }

    @Override
    public void streamClosed() {
        finish();
        if (!result.isDone()) {
            result.completeExceptionally(new ConnectionClosedException(
                    "connection " + tail.connection().id() + ": the stream ended before a protocol was agreed on"));
        }
    }

    private void notAgreed(StreamFault fault) {
        if (meter != null) {
            meter.notAgreed(fault);
        }
    }

    private void finish() {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (use != null) {
            use.negotiationEnds();
        }
    }
}
