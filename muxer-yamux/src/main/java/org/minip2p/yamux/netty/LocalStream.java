package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ResetCode;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.StreamResetException;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxStream;

/**
 * A stream at this end: handles the actions of its session, its peer, its application and the clock, and notifies the channel's
 * handlers.
 *
 * <p>Four states describe it. {@link YamuxStream#state} is the state of the protocol, {@link StreamInput.State} and
 * {@link StreamOutput.State} are this end's use of the two directions, and {@link StreamLife.State} is the channel. The
 * protocol's stream may outlive the channel (waiting for the peer's FIN), and the channel the protocol's stream (unread bytes
 * after both FINs).
 *
 * <p>Every action is between {@link #begin} and {@link #end}. Only the latter closes cleanly and releases.
 *
 * <p>Confined to the connection's event loop, except for queries of states.
 */
final class LocalStream implements StreamOutput.Owner, StreamClosing.Owner {
    private final StreamContext context;
    private final YamuxStream protocol;
    private final Channel channel;
    private final StreamLife life;
    private final StreamInput input;
    private final StreamOutput output;

    /** Created when the stream begins to end. */
    private @Nullable StreamClosing closing;

    LocalStream(StreamContext context, YamuxStream protocol, Channel channel) {
        this.context = context;
        this.protocol = protocol;
        this.channel = channel;
        this.life = new StreamLife(channel);
        this.input = new StreamInput(channel, context.turn(), protocol.receiveWindow());
        this.output = new StreamOutput(context, protocol, channel, this);
    }

    void begin() {
        context.turn().begin();
    }

    /** The end of an action on the stream. */
    void end() {
        if (output.isDone() || isOver()) { // before that there is nothing to settle, and most ends are such ones
            settle();
        }
        context.turn().end();
    }

    private void settle() {
        if (life.isOpen() && output.isFinWritten() && (life.isClosing() || input.isEnded())) {
            boolean wasActive = life.isActive();
            closeChannel();
            StreamEnding.inactiveLater(context.later(), channel, wasActive);
        }
        if (isOver()) {
            stopClosing();
            if (life.isClosed() && !output.isResetPending()) {
                life.release();
                context.released(protocol);
            }
        }
    }

    // Questions

    /** The protocol state. */
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

    /** The held memory, in bytes. */
    long heldBytes() {
        return protocol.receiveWindow().kept() + output.heldBytes();
    }

    /** The limit of its send queue, in bytes. Any thread. */
    long maxQueuedBytes() {
        return context.maxQueuedBytes();
    }

    /** Any thread. */
    StreamLife life() {
        return life;
    }

    /** Completes when the channel is closed. */
    ChannelFuture closed() {
        return life;
    }

    /** Whether the stream has ended for the protocol: frames for it are frames for an unknown stream. */
    boolean isOver() {
        return protocol.state().isOver();
    }

    // What the session does

    /** The session is over. */
    void sessionEnded(Throwable cause, boolean byPeer) {
        begin();
        protocol.reset();
        if (byPeer && input.isEnding() && life.isOpen()) {
            keepUnread(cause);
        } else {
            fail(cause, StreamEnding.AT_ONCE);
        }
        end();
    }

    /**
     * The session has ended after the stream ended for the protocol: the channel stays open for the time limit of its reader.
     */
    void sessionEndedBehind(Throwable cause) {
        if (life.isOpen()) {
            waitForReader(new StreamFailure(cause, false));
        }
    }

    /**
     * The peer sent all its data and its FIN, and then reset the stream or ended the session: the data can still be read, if
     * the application reads soon.
     */
    private void keepUnread(Throwable cause) {
        StreamFailure failure = new StreamFailure(cause, false);
        life.failWith(failure);
        output.fail(cause);
        waitForReader(failure);
    }

    private void waitForReader(StreamFailure behind) {
        behind.waitForReader(life, context.nanos(YamuxConfig.CLOSE_TIMEOUT), () -> terminate(behind.cause()));
    }

    // What the peer does

    /** Bytes of the peer, as {@link StreamInput#receive} takes them over. */
    void receive(ByteBuf bytes) {
        if (life.isClosed() && !isOver()) {
            discardLate(bytes);
            return;
        }
        if (!input.isShutdown()) {
            output.answerDue();
        }
        input.receive(bytes);
        output.queueUpdate();
    }

    /** As for a closed TCP socket: these bytes will not be read, and the peer should stop sending. */
    private void discardLate(ByteBuf bytes) {
        int length = bytes.readableBytes();
        bytes.release();
        if (closing().isTooLate(length)) {
            begin();
            output.reset(ResetCode.NONE);
            end();
        }
    }

    /** The peer's FIN has been received, and all bytes before it. */
    void finReceived() {
        begin();
        input.run(); // handlers get the end of the read round before the end of the input
        boolean isWanted = !input.isShutdown();
        input.finReceived();
        if (isWanted && input.isEnded()) {
            tellEndOfInput();
        }
        end();
    }

    /** The peer reset the stream. */
    void resetByPeer(long code) {
        StreamResetException cause = new StreamResetException(protocol.id(), code, true);
        begin();
        if (input.isEnding() && life.isOpen()) {
            keepUnread(cause);
        } else {
            fail(cause, StreamEnding.AT_ONCE);
        }
        end();
    }

    private void terminate(Throwable cause) {
        begin();
        fail(cause, StreamEnding.AT_ONCE);
        end();
    }

    /** This end resets the stream for a fault of the peer. */
    void resetForFault(long code) {
        abort(code, StreamEnding.AT_ONCE);
    }

    /** The application refuses the stream because of its data: this counts against the peer. */
    void refuse(long code) {
        protocol.blamePeer();
        reset(code);
    }

    // What the application does

    /**
     * Too much was written while the stream was not writable: the peer must not read data with a gap, so the stream is reset.
     */
    void overflow(StreamQueueFullException cause) {
        begin();
        output.reset(ResetCode.RESOURCE_LIMIT_EXCEEDED);
        fail(cause, StreamEnding.LATER);
        end();
    }

    /** It requests a read. */
    void askForRead() {
        begin();
        input.askForRead();
        passSoon();
        end();
    }

    /** Passes on requested waiting bytes, and handles changes: called by the turn. */
    @Override
    public void run() {
        begin();
        input.passUnread();
        output.queueUpdate();
        if (input.takeEnd()) {
            tellEndOfInput();
            failWithSession(StreamEnding.AT_ONCE);
        }
        passSoon();
        end();
    }

    private void passSoon() {
        if (input.takePass()) {
            context.turn().soon(this);
        }
    }

    /** It closes the channel: FIN after all accepted writes; later input is discarded. */
    @Override
    public void close() {
        if (life.isClosing() || !life.isOpen()) {
            return;
        }
        begin();
        life.startClosing();
        input.discard();
        if (protocol.state().canSend()) {
            closing().leaving();
        } else if (!isOver()) {
            closing().awaitFin();
        }
        output.queueFin();
        failWithSession(StreamEnding.BY_ITSELF); // nothing can be sent or read
        end();
    }

    @Override
    public void finLeaving() {
        if (isOver()) {
            stopClosing();
        } else if (life.isClosing()) {
            closing().awaitFin();
        }
    }

    private void stopClosing() {
        if (closing != null) {
            closing.stop();
        }
    }

    private StreamClosing closing() {
        StreamClosing made = closing;
        if (made == null) {
            made = new StreamClosing(context, output, channel, this);
            closing = made;
        }
        return made;
    }

    /** It ends both directions at once; does nothing to a stream that has ended. */
    @Override
    public void reset(long code) {
        abort(code, StreamEnding.BY_ITSELF);
    }

    private void abort(long code, StreamEnding ending) {
        begin();
        output.reset(code);
        fail(new StreamResetException(protocol.id(), code, false), ending);
        end();
    }

    // What the handlers are told

    private void tellEndOfInput() {
        if (!life.isOpen()) {
            return;
        }
        if (Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            if (life.isOpen() && !life.isClosing() && !isOver()) {
                closing().halfOpen();
            }
        } else {
            close();
        }
    }

    /** Ends the channel with a failure. */
    private void fail(Throwable cause, StreamEnding ending) {
        if (!life.isOpen()) {
            return;
        }
        life.failWith(new StreamFailure(cause, life.isClosing() && !output.isFinWritten()));
        boolean wasActive = life.isActive();
        closeChannel();
        output.fail(cause);
        ending.tell(context.later(), channel, cause, wasActive);
    }

    /** The session ended before; only unread input has kept the channel open. */
    private void failWithSession(StreamEnding ending) {
        Throwable cause = life.writeFailure();
        if (cause != null) {
            fail(cause, ending);
        }
    }

    private void closeChannel() {
        input.discard();
        life.close();
    }
}
