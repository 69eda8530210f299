package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle of a stream's channel: its state, its failure, and its close future, which is this object itself, so that a stream
 * needs one object instead of two.
 *
 * <p>Confined to the connection's event loop, except for queries of states and the future.
 */
final class StreamLife extends DefaultChannelPromise {
    /** The state of a channel. */
    enum State {
        /** Entered when the stream is made. Left when handlers can be put into its pipeline. */
        NEW,
        /** Entered before the initializer runs. Left when it has run, or on a failure. */
        REGISTERED,
        /** Entered when the initializer closes the channel. Left when it has run, or on a failure. */
        REGISTERED_CLOSING,
        /** Entered when the initializer has run. Left when the channel is closed by either end, or on a failure. */
        ACTIVE,
        /**
         * Entered when the application closes the channel. Left when all its data and the FIN have been written, or on a failure.
         */
        CLOSING,
        /** Entered when the channel is closed. Left when the stream has also ended for the protocol. */
        CLOSED,
        /** Entered when the stream has ended completely, which makes room for another. Never left. */
        RELEASED
    }

    private volatile State state = State.NEW;

    /** For an open channel: the end of the session, while the last bytes of a complete input are unread. */
    private @Nullable StreamFailure failure;

    /** Of a new channel. */
    StreamLife(Channel channel) {
        super(channel);
    }

    // Questions about states. Any thread.

    boolean isRegistered() {
        return state != State.NEW && isOpen();
    }

    boolean isActive() {
        State now = state;
        return now == State.ACTIVE || now == State.CLOSING;
    }

    boolean isClosing() {
        State now = state;
        return now == State.REGISTERED_CLOSING || now == State.CLOSING;
    }

    boolean isOpen() {
        State now = state;
        return now != State.CLOSED && now != State.RELEASED;
    }

    /** Whether the channel is closed; the stream may not have ended for the protocol. */
    boolean isClosed() {
        return state == State.CLOSED;
    }

    // What has ended it

    /** The failure of writes; null without one. */
    @Nullable Throwable writeFailure() {
        return failure == null ? null : failure.cause();
    }

    /** The failure of closing, if bytes that it should have sent were lost; otherwise null. */
    @Nullable Throwable closeFailure() {
        return failure != null && failure.isOfClose() ? failure.cause() : null;
    }

    /** Ends the stream prematurely. */
    void failWith(StreamFailure of) {
        failure = of;
    }

    // What happens to it

    /** Makes the pipeline usable; handlers can be added. */
    void register() {
        transition(State.REGISTERED);
        channel().pipeline().fireChannelRegistered();
    }

    /** The initializer has run: the channel becomes active, and its first read is requested. */
    void activate() {
        if (isOpen()) {
            transition(isClosing() ? State.CLOSING : State.ACTIVE);
            channel().pipeline().fireChannelActive();
        }
    }

    /** The application closes the channel, which is open. */
    void startClosing() {
        transition(state == State.ACTIVE ? State.CLOSING : State.REGISTERED_CLOSING);
    }

    /** Closes the channel, and notifies its close future. */
    void close() {
        transition(State.CLOSED);
        trySuccess();
    }

    /** Nothing is left of the stream. */
    void release() {
        transition(State.RELEASED);
    }

    private void transition(State to) {
        state = to;
    }
}
