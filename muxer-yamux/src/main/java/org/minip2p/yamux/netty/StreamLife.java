package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * The life of a stream's channel: where it is, what has ended it, and the future of its end, which is this object itself: one for each
 * stream in the place of two.
 *
 * <p>Confined to the connection's event loop, questions about states and the future excepted.
 */
final class StreamLife extends DefaultChannelPromise {
    /** Where a channel is in its life. */
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
         * Entered when the application closes the channel. Left when all that it wrote and the FIN have been written, or on
         * a failure.
         */
        CLOSING,
        /** Entered when the channel is closed. Left when the protocol is done with the stream, too. */
        CLOSED,
        /** Entered when nothing is left of the stream, which makes room for another. Never left. */
        RELEASED
    }

    private volatile State state = State.NEW;

    /** Of a channel that is open: the end of the session, while the last bytes of a complete input are still unread. */
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

    /** Whether the channel is closed, and the protocol may not be done with the stream. */
    boolean isClosed() {
        return state == State.CLOSED;
    }

    // What has ended it

    /** What writes fail with; null before there was a failure. */
    @Nullable Throwable writeFailure() {
        return failure == null ? null : failure.cause();
    }

    /** What closing fails with: bytes that it should have sent were lost; null before. */
    @Nullable Throwable closeFailure() {
        return failure != null && failure.isOfClose() ? failure.cause() : null;
    }

    /** Something ends the stream before its time. */
    void failWith(StreamFailure of) {
        failure = of;
    }

    // What happens to it

    /** Makes the pipeline usable; handlers can be added. */
    void register() {
        transition(State.REGISTERED);
        channel().pipeline().fireChannelRegistered();
    }

    /** The initializer has run: the channel lives, and its first read is asked for. */
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

    /** Closes the channel: whoever waits for that is told. */
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
