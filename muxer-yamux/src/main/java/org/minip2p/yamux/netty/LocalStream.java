package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.yamux.StreamResetException;
import org.minip2p.yamux.YamuxStream;

/**
 * A stream at this end: what its session, its peer, its application and the clock do to it, and what the channel's
 * handlers are told of that.
 *
 * <p>Four states say all. {@link YamuxStream#state} is what both ends have agreed on, {@link StreamInput.State} and
 * {@link StreamOutput.State} are what this end still wants of its two directions, and {@link StreamLife} is the
 * channel. The protocol's stream may outlive the channel (waiting for the peer's FIN), and the channel the protocol's
 * stream (unread bytes after both FINs).
 *
 * <p>Whatever happens stands between {@link #begin} and {@link #end}. The latter alone closes in good order and releases.
 *
 * <p>Confined to the connection's event loop, questions about states excepted.
 */
final class LocalStream implements Runnable {
    private final StreamContext context;
    private final YamuxStream protocol;
    private final Channel channel;
    private final ChannelPromise closed;
    private final StreamInput input;
    private final StreamOutput output;
    private volatile StreamLife life = StreamLife.NEW;

    /** Of a channel that is open: the end of the session, while the last bytes of a complete input are still unread. */
    private @Nullable Throwable failure;

    private boolean isCloseFailed;

    /** Whether the peer sent something since the application last wrote. */
    private boolean isAnswerDue;

    LocalStream(StreamContext context, YamuxStream protocol, Channel channel) {
        this.context = context;
        this.protocol = protocol;
        this.channel = channel;
        this.closed = new DefaultChannelPromise(channel);
        this.input = new StreamInput(channel, context.turn(), protocol.receiveWindow());
        this.output = new StreamOutput(context, protocol, channel, this);
    }

    void begin() {
        context.turn().begin();
    }

    /** The end of whatever happened to the stream. */
    void end() {
        if (life.isOpen() && output.isFinWritten() && (life.isClosing() || input.isEnded())) {
            boolean wasActive = life.isActive();
            closeChannel();
            fireInactiveLater(wasActive);
        }
        if (isOver()) {
            output.stopExpectingFin();
            if (life == StreamLife.CLOSED && !output.isResetPending()) {
                transition(StreamLife.RELEASED);
                context.released(protocol);
            }
        }
        context.turn().end();
    }

    private void transition(StreamLife to) {
        life = to;
    }

    // Questions

    /** What the protocol knows of it. */
    YamuxStream protocol() {
        return protocol;
    }

    Channel channel() {
        return channel;
    }

    /** The channel of the connection. */
    Channel connection() {
        return context.wire().channel();
    }

    StreamInput input() {
        return input;
    }

    StreamOutput output() {
        return output;
    }

    /** Any thread. */
    StreamLife life() {
        return life;
    }

    /** Completes when the channel is closed. */
    ChannelFuture closed() {
        return closed;
    }

    /** What writes fail with; null before there was a failure. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** What closing fails with: bytes that it should have sent were lost; null before. */
    @Nullable Throwable closeFailure() {
        return isCloseFailed ? failure : null;
    }

    /** Whether the protocol is done with the stream: frames for it are frames for an unknown stream. */
    boolean isOver() {
        return protocol.state().isOver();
    }

    /** Whether shutting down the connection has to wait for this stream. */
    boolean isBusy() {
        if (!protocol.state().canSend()) {
            return false;
        }
        boolean isUnsent = output.queuedBytes() > 0 || output.isShutdown();
        boolean isUnanswered = protocol.role() == Role.RESPONDER
                && (isAnswerDue || !protocol.state().canReceive());
        return isUnsent || isUnanswered;
    }

    // What the session does

    /** Makes the pipeline usable; handlers can be added. */
    void register() {
        transition(StreamLife.REGISTERED);
        channel.pipeline().fireChannelRegistered();
    }

    /** The initializer has run: the channel lives, and its first read is asked for. */
    void activate() {
        if (life.isOpen()) {
            transition(life.isClosing() ? StreamLife.CLOSING : StreamLife.ACTIVE);
            channel.pipeline().fireChannelActive();
        }
    }

    /** The session is over. */
    void sessionEnded(Throwable cause, boolean byPeer) {
        begin();
        protocol.reset();
        output.dropReset();
        if (byPeer && input.isEnding() && life.isOpen()) {
            keepUnread(cause);
        } else {
            fail(cause, true);
        }
        end();
    }

    /**
     * The peer sent all that it had to say, its FIN included, and then ended the session: that is still read, if the
     * application reads soon.
     */
    private void keepUnread(Throwable cause) {
        failure = cause;
        output.fail(cause);
        ScheduledFuture<?> patience =
                channel.eventLoop().schedule(() -> terminate(cause), context.closeTimeoutNanos(), TimeUnit.NANOSECONDS);
        // Cancelled also when the event loop is shut down: then nobody can read any more.
        patience.addListener(done -> {
            if (done.isCancelled()) {
                terminate(cause);
            }
        });
        closed.addListener(done -> patience.cancel(false));
    }

    // What the peer does

    /** Bytes of the peer, as {@link StreamInput#receive} takes them over. */
    void receive(ByteBuf bytes, int pinnedBytes) {
        if (!input.isShutdown()) {
            isAnswerDue = true;
        }
        input.receive(bytes, pinnedBytes);
        queueUpdate();
    }

    /** The peer's FIN has been received, and all bytes before it. */
    void finReceived() {
        begin();
        input.run(); // handlers are told that the round of reading is complete before they are told of the end
        boolean isWanted = !input.isShutdown();
        input.finReceived();
        if (isWanted && input.isEnded()) {
            tellEndOfInput();
        }
        end();
    }

    /** The peer reset the stream. */
    void resetByPeer(long code) {
        terminate(new StreamResetException(protocol.id(), code, true));
    }

    private void terminate(Throwable cause) {
        begin();
        fail(cause, true);
        end();
    }

    /** This end resets the stream for a fault of the peer. */
    void resetForFault() {
        abort(0, true);
    }

    // What the application does

    /** A write was accepted. */
    void answered() {
        isAnswerDue = false;
    }

    /** It asks for a read. */
    void askForRead() {
        begin();
        input.askForRead();
        passSoon();
        end();
    }

    /** Passes on what waits and was asked for, and looks at what has changed: called by the turn. */
    @Override
    public void run() {
        begin();
        input.passUnread();
        queueUpdate();
        input.run();
        if (input.takeEnd()) {
            tellEndOfInput();
            if (failure != null) {
                fail(failure, !life.isClosing());
            }
        }
        passSoon();
        end();
    }

    private void passSoon() {
        if (input.takePass()) {
            context.turn().soon(this);
        }
    }

    private void queueUpdate() {
        if (protocol.receiveWindow().isUpdateDue() && protocol.state().canReceive()) {
            output.queueControl();
        }
    }

    /** It closes the channel: FIN after all accepted writes, and what comes is thrown away. */
    void close() {
        if (life.isClosing() || !life.isOpen()) {
            return;
        }
        begin();
        transition(life == StreamLife.ACTIVE ? StreamLife.CLOSING : StreamLife.REGISTERED_CLOSING);
        input.discard();
        if (!isOver()) {
            output.expectFin(() -> reset(0));
        }
        output.queueFin();
        end();
    }

    /** It ends both directions at once; does nothing to a stream that is over. */
    void reset(long code) {
        abort(code, false);
    }

    private void abort(long code, boolean isTold) {
        begin();
        if (!isOver()) {
            boolean isAnnounced = !protocol.isUnannounced();
            protocol.reset();
            if (isAnnounced) {
                output.queueReset(code);
            }
        }
        fail(new StreamResetException(protocol.id(), code, false), isTold);
        end();
    }

    // What the handlers are told

    private void tellEndOfInput() {
        if (!life.isOpen()) {
            return;
        }
        if (Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            close();
        }
    }

    /** Ends the channel with a failure. */
    private void fail(Throwable cause, boolean isTold) {
        if (!life.isOpen()) {
            return;
        }
        failure = cause;
        isCloseFailed = life.isClosing() && !output.isFinWritten();
        boolean wasActive = life.isActive();
        closeChannel();
        output.fail(cause);
        if (isTold) {
            channel.pipeline().fireExceptionCaught(cause);
            fireInactive(wasActive);
        } else {
            fireInactiveLater(wasActive);
        }
    }

    private void closeChannel() {
        transition(StreamLife.CLOSED);
        input.discard();
        closed.trySuccess();
    }

    private void fireInactive(boolean wasActive) {
        if (wasActive) {
            channel.pipeline().fireChannelInactive();
        }
        channel.pipeline().fireChannelUnregistered();
    }

    /** Not from within a call of the application, which may be in the middle of reading or writing. */
    private void fireInactiveLater(boolean wasActive) {
        try {
            channel.eventLoop().execute(() -> fireInactive(wasActive));
        } catch (RejectedExecutionException shuttingDown) {
            fireInactive(wasActive);
        }
    }
}
