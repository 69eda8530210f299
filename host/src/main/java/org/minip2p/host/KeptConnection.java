package org.minip2p.host;

import java.time.Instant;
import java.util.Optional;
import org.minip2p.core.PeerId;

/**
 * Keeps a connection to a peer, from {@link Host#keepConnected} until it is closed. While it is open there is a connection, or an
 * attempt, or a wait before the next attempt. The wait grows after each failure, with jitter, up to
 * {@link HostConfig#MAX_RECONNECT_DELAY}. The connection is held, so this side closes it neither because it is idle nor to make room.
 * Several kept connections of one peer share one connection.
 *
 * <p>Thread-safe.
 */
public interface KeptConnection extends AutoCloseable {
    /** The state of a kept connection. */
    sealed interface State {
        /** The first attempt is running or about to start. */
        record Connecting() implements State {}

        /**
         * There is a connection.
         *
         * @param connection the one that new streams should use
         */
        record Connected(Connection connection) implements State {}

        /**
         * There is no connection: the last attempt has failed, or the connection was lost.
         *
         * @param nextAttempt when the next attempt begins, by the system's clock; a time in the past means that an attempt is running
         * @param failures the number of failed attempts since the last connection
         * @param cause why the last one failed, or why the connection was lost, if it did not end cleanly
         */
        record Waiting(Instant nextAttempt, int failures, Optional<Throwable> cause) implements State {}

        /** This object or the host was closed. No state follows. */
        record Closed() implements State {}
    }

    /** Receives changes of the state. */
    @FunctionalInterface
    interface Listener {
        /**
         * Called for the first state, then when the kind of state or the connection changes, but not for each failed attempt. Called on
         * the application's executor, in order with the events of this peer. An exception is logged.
         *
         * @param kept the kept connection
         * @param state its new state
         */
        void onState(KeptConnection kept, State state);
    }

    /** {@return the peer} */
    PeerId peer();

    /** {@return the current state} */
    State state();

    /**
     * Stops keeping the connection. The connection stays open, but may now be closed when idle. An attempt that no other caller waits
     * for ends. Closing twice has no effect.
     */
    @Override
    void close();
}
