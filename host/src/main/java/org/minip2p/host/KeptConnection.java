package org.minip2p.host;

import java.time.Instant;
import java.util.Optional;
import org.minip2p.core.PeerId;

/**
 * The wish that there be a connection to a peer, from {@link Host#keepConnected} until it is closed. While it is open there is a
 * connection, or an attempt, or a wait before the next one: longer after each failure, with jitter, and not longer than
 * {@link HostConfig#MAX_RECONNECT_DELAY}. The connection is held, so this side closes it neither as idle nor to make room. Several of one
 * peer share one connection.
 *
 * <p>Thread-safe.
 */
public interface KeptConnection extends AutoCloseable {
    /** How it stands with the peer. */
    sealed interface State {
        /** The first attempt is made, or about to be made. */
        record Connecting() implements State {}

        /**
         * There is a connection.
         *
         * @param connection the one that new streams should use
         */
        record Connected(Connection connection) implements State {}

        /**
         * There is none: the last attempt has failed, or a connection was lost.
         *
         * @param nextAttempt when the next attempt begins, by the system's clock; when that is past one is made
         * @param failures how many attempts have failed since there was a connection
         * @param cause why the last one failed, or why the connection was lost if that was no clean end
         */
        record Waiting(Instant nextAttempt, int failures, Optional<Throwable> cause) implements State {}

        /** This was closed, or the host was. Nothing follows. */
        record Closed() implements State {}
    }

    /** Is told of states. */
    @FunctionalInterface
    interface Listener {
        /**
         * The first state, then each that is of another kind than the one before, and another connection: the attempts of a long wait are
         * not told. Called on the application's executor, in order with the events of this peer. What it throws is logged.
         */
        void onState(KeptConnection kept, State state);
    }

    /** To whom. */
    PeerId peer();

    /** How it stands now. */
    State state();

    /**
     * Keeps the connection no longer. It is not closed, but may be as idle from now on; an attempt that nobody else waits for ends.
     * Closing twice does no harm.
     */
    @Override
    void close();
}
