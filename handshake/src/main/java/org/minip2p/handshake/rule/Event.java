package org.minip2p.handshake.rule;

/**
 * Something that became known about a peer. Connections are named by the host's ids; an event of a connection that is not
 * established (any more) is one that came late, and is passed over.
 */
public sealed interface Event {
    /** What is done with each kind of event: a kind that is added has no place to be forgotten. */
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

        /** The response to ours was accepted. */
        void on(ResponseVerified event);

        /** Ours ended in another way. */
        void on(OursEnded event);

        /** The wait has ended. */
        void on(WaitEnded event);

        /** The repeat is due. */
        void on(RepeatDue event);

        /** The application wants the peer asked again. */
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
     * The peer's stream ended before a whole request had come: reset, closed, or its deadline passed.
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
     * The peer's request was read, and is not acceptable for good.
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
     * @param ending how
     */
    record OursEnded(long connection, Ending ending) implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The wait that was asked for with {@link Action.ArmWait} has ended. */
    record WaitEnded() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** The time that was asked for with {@link Action.ArmRepeat} has passed. */
    record RepeatDue() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }

    /** Our own info has changed, or what we accept has: the application wants the peer asked again. */
    record Asked() implements Event {
        @Override
        public void accept(Visitor visitor) {
            visitor.on(this);
        }
    }
}
