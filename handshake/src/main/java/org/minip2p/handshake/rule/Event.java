package org.minip2p.handshake.rule;

/**
 * Something that became known about a peer. Connections are named by the host's ids; an event of a connection that is not
 * established (any more) is one that came late, and is passed over.
 */
public sealed interface Event {
    /**
     * A connection was established.
     *
     * @param connection its id
     * @param outbound whether we dialed it
     */
    record ConnectionEstablished(long connection, boolean outbound) implements Event {}

    /**
     * A connection was closed, and with it every exchange on it.
     *
     * @param connection its id
     */
    record ConnectionClosed(long connection) implements Event {}

    /**
     * The peer opened a stream for an exchange of its own. Exactly one of {@link RequestVerified}, {@link RequestDied},
     * {@link RequestRefused} or the close of the connection follows.
     *
     * @param connection the connection of the stream
     */
    record RequestOpened(long connection) implements Event {}

    /**
     * The peer's request was read and accepted; it is being answered.
     *
     * @param connection the connection of the stream
     */
    record RequestVerified(long connection) implements Event {}

    /**
     * The peer's stream ended before a whole request had come: reset, closed, or its deadline passed.
     *
     * @param connection the connection of the stream
     */
    record RequestDied(long connection) implements Event {}

    /**
     * The peer's request was read, and is not acceptable for good.
     *
     * @param connection the connection of the stream
     */
    record RequestRefused(long connection) implements Event {}

    /**
     * The response to our exchange was read and accepted.
     *
     * @param connection the connection of the exchange
     */
    record ResponseVerified(long connection) implements Event {}

    /**
     * Our exchange ended in another way.
     *
     * @param connection the connection of the exchange
     * @param ending how
     */
    record OursEnded(long connection, Ending ending) implements Event {}

    /** The wait that was asked for with {@link Action.ArmWait} has ended. */
    record WaitEnded() implements Event {}
}
