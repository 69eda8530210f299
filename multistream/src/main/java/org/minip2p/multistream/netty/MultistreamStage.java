package org.minip2p.multistream.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.Negotiation;
import org.minip2p.multistream.Outcome;

/**
 * A negotiation in a pipeline: a handler that is also its decoder. It starts when the channel is active, once; when the ends have
 * agreed, it lets its listener install the next handler after it, flushes, removes itself, and forwards every unread byte, unchanged
 * and in order (MSS-20).
 *
 * <ul>
 *   <li>It never closes the channel and sets no timer: deadlines are the owner's (MSS-26).
 *   <li>It keeps no buffer: the bytes of an incomplete message, at most 1,024, are in an array, and unread bytes are forwarded in
 *   their original buffer.
 *   <li>On a channel that does not read by itself ({@code autoRead} off) it calls {@code read()} whenever it needs input. If it used
 *   up input that a later handler had requested, it requests input again when it is removed. Data after the last message is
 *   forwarded without a request only if it arrived in the same buffer.
 *   <li>Exceptions pass on to later handlers. If the input then ends, the negotiation failed because of them, and not because the
 *   peer lacks the protocol.
 * </ul>
 */
abstract sealed class MultistreamStage extends ChannelDuplexHandler permits MultistreamInitiator, MultistreamResponder {
    private enum State {
        /** Not in the pipeline of an active channel yet. */
        NEW,
        /** Negotiating, until the ends have agreed or failed. */
        NEGOTIATING,
        /** The ends have agreed; events wait until the earlier bytes have been forwarded. */
        LEAVING,
        /** The stage is no longer in the pipeline, and everything passes. */
        LEFT,
        /** The failure was reported to the owner; the rest of the input is discarded. */
        FAILED
    }

    private final Negotiation negotiation;
    private final @Nullable ProtocolId assumed;
    private final NegotiationListener listener;
    private @Nullable List<Runnable> waitingEvents;

    private State state = State.NEW;
    private boolean mustFlush;
    private boolean isReadAskedFor;
    private boolean isClosedHere;
    private @Nullable Throwable lastException;

    /**
     * A stage.
     *
     * @param negotiation the rules of this end
     * @param assumed the protocol that a lazy initiator assumes to be agreed, null for the others
     */
    MultistreamStage(Negotiation negotiation, @Nullable ProtocolId assumed, NegotiationListener listener) {
        this.negotiation = negotiation;
        this.assumed = assumed;
        this.listener = listener;
    }

    /** Netty would otherwise look for an annotation once per stream. */
    @Override
    public final boolean isSharable() {
        return false;
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            start(ctx);
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        // First to later handlers: the handler that start() may install must not see it, since it starts itself.
        ctx.fireChannelActive();
        start(ctx);
    }

    /** Takes over {@code message}: the part of it that belongs to the negotiation is read, the rest forwarded or discarded. */
    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (state) {
            case NEW, NEGOTIATING -> {
                if (message instanceof ByteBuf in) {
                    negotiate(ctx, in);
                } else {
                    ctx.fireChannelRead(message);
                }
            }
            case LEAVING -> putOff(() -> channelRead(ctx, message));
            case LEFT -> ctx.fireChannelRead(message);
            case FAILED -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        switch (state) {
            case NEW -> ctx.fireChannelReadComplete();
            case NEGOTIATING -> awaitInput(ctx);
            case LEAVING -> putOff(() -> channelReadComplete(ctx));
            case LEFT, FAILED -> ctx.fireChannelReadComplete();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (state == State.LEAVING) {
            putOff(() -> userEventTriggered(ctx, event));
        } else if (state == State.LEFT || !isEndOfInput(event)) {
            ctx.fireUserEventTriggered(event);
        } else if (state != State.FAILED) {
            failAtEndOfInput(ctx);
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        if (state == State.LEAVING) {
            putOff(() -> channelInactive(ctx));
            return;
        }
        if (state == State.NEW || state == State.NEGOTIATING) {
            failAtEndOfInput(ctx);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lastException = cause;
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public final void read(ChannelHandlerContext ctx) {
        // A channel with autoRead needs no request, and its own requests also pass here.
        isReadAskedFor |= !ctx.channel().config().isAutoRead();
        ctx.read();
    }

    @Override
    public final void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        isClosedHere = true;
        ChannelFuture unused = ctx.close(promise);
    }

    private void putOff(Runnable event) {
        if (waitingEvents == null) {
            waitingEvents = new ArrayList<>(1);
        }
        waitingEvents.add(event);
    }

    private void passWaitingEvents() {
        List<Runnable> events = waitingEvents;
        if (events != null) {
            waitingEvents = null;
            events.forEach(Runnable::run);
        }
    }

    private void start(ChannelHandlerContext ctx) {
        assert ctx.executor().inEventLoop();
        if (state != State.NEW) {
            return;
        }
        transition(State.NEGOTIATING);
        write(ctx, negotiation.beforeWaiting());
        if (assumed != null) {
            listener.negotiated(ctx, assumed);
        }
        awaitInput(ctx);
    }

    /** Sends due bytes, and requests more input. */
    private void awaitInput(ChannelHandlerContext ctx) {
        write(ctx, negotiation.beforeWaiting());
        flushWritten(ctx);
        if (state == State.NEGOTIATING && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    private void negotiate(ChannelHandlerContext ctx, ByteBuf in) {
        try {
            ProtocolId agreed = readMessages(ctx, in);
            if (agreed != null) {
                leave(ctx, agreed);
            }
        } catch (Libp2pException cause) {
            fail(ctx, cause);
        } finally {
            passOn(ctx, in);
        }
    }

    /** Forwards the rest of a buffer, if the negotiation is over, then the delayed events. Takes over the buffer. */
    private void passOn(ChannelHandlerContext ctx, ByteBuf in) {
        boolean isForwarded = state == State.LEFT && in.isReadable();
        if (isForwarded) {
            ctx.fireChannelRead(in.slice()); // from index 0 on, as with the first read of a socket
        } else {
            in.release();
        }
        passWaitingEvents();
        if (state == State.LEFT && !isForwarded) {
            askAgain(ctx);
        }
    }

    private @Nullable ProtocolId readMessages(ChannelHandlerContext ctx, ByteBuf in) throws Libp2pException {
        while (in.isReadable()) {
            // Not more than one message can have, since a composite buffer copies the requested range. It is used here
            // only, so it
            // may be the view that the buffer keeps.
            int length = Math.min(in.readableBytes(), Negotiation.MAX_READ_BYTES);
            ByteBuffer view = in.nioBufferCount() == 1
                    ? in.internalNioBuffer(in.readerIndex(), length)
                    : in.nioBuffer(in.readerIndex(), length);
            while (view.hasRemaining()) { // nearly always two messages, the header and a proposal or its echo
                int before = view.remaining();
                Outcome outcome = negotiation.read(view);
                in.skipBytes(before - view.remaining());
                write(ctx, outcome.reply());
                if (outcome.agreed() != null) {
                    return outcome.agreed();
                }
            }
        }
        return null;
    }

    /** Hands over to the next handler. The caller forwards the unread bytes, and then the delayed events. */
    private void leave(ChannelHandlerContext ctx, ProtocolId agreed) {
        transition(State.LEAVING);
        boolean isDone = false;
        try {
            if (assumed == null) {
                listener.negotiated(ctx, agreed);
                // The next handler's first bytes leave with our last.
                ctx.flush();
            } else {
                listener.confirmed(ctx, agreed);
            }
            isDone = true;
        } finally {
            transition(isDone ? State.LEFT : State.FAILED);
        }
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Requests input again if a later handler had requested it and the negotiation used it up. */
    private void askAgain(ChannelHandlerContext ctx) {
        if (isReadAskedFor) {
            ctx.read();
        }
    }

    private void failAtEndOfInput(ChannelHandlerContext ctx) {
        if (lastException != null) {
            fail(ctx, new NegotiationFailedException("the channel failed during the negotiation", lastException));
        } else if (isClosedHere) {
            fail(ctx, new NegotiationFailedException("the channel was closed here before the negotiation was over"));
        } else {
            fail(ctx, negotiation.endOfInput());
        }
    }

    private void fail(ChannelHandlerContext ctx, Libp2pException cause) {
        transition(State.FAILED);
        // A refusal must reach the peer even if the data after its proposal ends the negotiation (MSS-35).
        flushWritten(ctx);
        listener.failed(ctx, cause);
    }

    private void write(ChannelHandlerContext ctx, byte[] bytes) {
        if (bytes.length > 0) {
            mustFlush = true;
            ByteBuf message = ctx.alloc().buffer(bytes.length, bytes.length).writeBytes(bytes);
            // A failed write shows in the end of the input; the echo may fail if the peer already has everything that
            // it wanted.
            ChannelFuture unused = ctx.write(message);
        }
    }

    private void flushWritten(ChannelHandlerContext ctx) {
        if (mustFlush) {
            mustFlush = false;
            ctx.flush();
        }
    }

    private static boolean isEndOfInput(Object event) {
        return event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete;
    }

    private void transition(State to) {
        state = to;
    }
}
