package org.minip2p.handshake.rule;

/**
 * An event about a peer. Connections are named by the host's ids; an event of a connection that is not, or no longer,
 * established is late, and is ignored.
 */
public sealed interface Event {
    /** Handles each kind of event; a new kind cannot be forgotten, since it needs a new method. */
    interface Visitor {
        /** A connection was established. */
        void on(ConnectionEstablished event);

        /** A connection was closed. */
        void on(ConnectionClosed event);

        /** The peer opened a stream for an exchange. */
        void on(RequestOpened event);

        /** The peer's request was accepted. */
        void on(RequestVerified event);

        /** The peer's exchange ended unread. */
        void on(RequestDied event);

        /** The peer's request was refused. */
        void on(RequestRefused event);

        /** The response to our exchange was accepted. */
        void on(ResponseVerified event);

        /** Our exchange ended in another way. */
        void on(OursEnded event);

        /** The wait has ended. */
        void on(WaitEnded event);

        /** The repeat is due. */
        void on(RepeatDue event);

        /** The application wants to ask the peer again. */
        void on(Asked event);
    }

    /** Calls the visitor's method for this kind of event. */
    void accept(Visitor visitor);

    /**
     * A connection was established.
     *
     * @param connection its id
     * @param outbound whether we dialed it
     */
    record ConnectionEstablished(long connection, boolean outbound) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * A connection was closed, and with it every exchange on it.
     *
     * @param connection its id
     */
    record ConnectionClosed(long connection) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The peer opened a stream for an exchange of its own. Exactly one of {@link RequestVerified}, {@link RequestDied},
     * {@link RequestRefused} or the close of the connection follows.
     *
     * @param connection the connection of the stream
     */
    record RequestOpened(long connection) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The peer's request was read and accepted; it is being answered.
     *
     * @param connection the connection of the stream
     * @param stale whether our own info, with which it is answered, was read before the last {@link Asked}
     */
    record RequestVerified(long connection, boolean stale) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The peer's stream ended before a complete request had arrived: it was reset or closed, or its deadline passed.
     *
     * @param connection the connection of the stream
     */
    record RequestDied(long connection) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The peer's request was read, and is permanently unacceptable.
     *
     * @param connection the connection of the stream
     */
    record RequestRefused(long connection) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * The response to our exchange was read and accepted.
     *
     * @param connection the connection of the exchange
     * @param stale whether our own info, which was sent, was read before the last {@link Asked}
     */
    record ResponseVerified(long connection, boolean stale) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /**
     * Our exchange ended in another way.
     *
     * @param connection the connection of the exchange
     * @param ending how it ended
     */
    record OursEnded(long connection, Ending ending) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The wait that {@link Action.ArmWait} requested has ended. */
    record WaitEnded() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The time that {@link Action.ArmRepeat} requested has passed. */
    record RepeatDue() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** Our own info or the accepted networks have changed: the application wants to ask the peer again. */
    record Asked() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }
}
