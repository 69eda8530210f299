package org.minip2p.handshake.rule;

/** An action to execute now, in the given order. */
public sealed interface Action {
    /** Handles each kind of action; a new kind cannot be forgotten, since it needs a new method. */
    interface Visitor {
        /** Start an exchange. */
        void on(StartExchange action);

        /** Start the wait. */
        void on(ArmWait action);

        /** Stop the wait. */
        void on(CancelWait action);

        /** Start the time to the repeat. */
        void on(ArmRepeat action);

        /** Stop the time to the repeat. */
        void on(CancelRepeat action);

        /** Report that the handshake is complete. */
        void on(TellCompleted action);

        /** Report changed information. */
        void on(TellUpdated action);

        /** Report a failure. */
        void on(TellFailed action);

        /** Close a connection. */
        void on(CloseConnection action);
    }

    /** Calls the visitor's method for this kind of action. */
    void accept(Visitor visitor);

    /**
     * Start an exchange. Exactly one of {@link Event.ResponseVerified}, {@link Event.OursEnded} or the close of the connection
     * must follow.
     *
     * @param connection the connection to open the stream on
     */
    record StartExchange(long connection) implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** Start the wait of this peer; {@link Event.WaitEnded} follows unless {@link CancelWait} comes first. */
    record ArmWait() implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The wait of this peer is no longer needed. */
    record CancelWait() implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * Start the time to the repeat, or restart it; {@link Event.RepeatDue} follows once it has passed, unless
     * {@link CancelRepeat} comes first.
     */
    record ArmRepeat() implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The repeat is no longer needed. */
    record CancelRepeat() implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The handshake with this peer is complete; the first time since it had no connection.
     *
     * @param connection the connection of the exchange
     * @param initiatedByUs whether the exchange was ours
     */
    record TellCompleted(long connection, boolean initiatedByUs) implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * A further exchange was completed: report it if it brought different information.
     *
     * @param connection the connection of the exchange
     */
    record TellUpdated(long connection) implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The handshake failed.
     *
     * @param connection the connection of the exchange
     * @param initiatedByUs whether the exchange was ours
     * @param ending how the exchange ended
     */
    record TellFailed(long connection, boolean initiatedByUs, Ending ending) implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * Close this connection, and only this one; the application's policy may say otherwise.
     *
     * @param connection the connection of the permanent failure
     */
    record CloseConnection(long connection) implements Action {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }
}
