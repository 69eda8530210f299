package org.minip2p.handshake.rule;

/** Something that is to be done now, in the order given. */
public sealed interface Action {
    /**
     * Start an exchange. Exactly one of {@link Event.ResponseVerified}, {@link Event.OursEnded} or the close of the connection
     * is to follow.
     *
     * @param connection the connection to open the stream on
     */
    record StartExchange(long connection) implements Action {}

    /** Start the wait of this peer; {@link Event.WaitEnded} follows unless {@link CancelWait} comes first. */
    record ArmWait() implements Action {}

    /** The wait of this peer is not needed any more. */
    record CancelWait() implements Action {}

    /**
     * The handshake with this peer is complete; the first time since it had no connection.
     *
     * @param connection the connection of the exchange
     * @param initiatedByUs whether the exchange was ours
     */
    record TellCompleted(long connection, boolean initiatedByUs) implements Action {}

    /**
     * A further exchange was completed: to be told if it brought other information.
     *
     * @param connection the connection of the exchange
     */
    record TellUpdated(long connection) implements Action {}

    /**
     * The handshake failed.
     *
     * @param connection the connection of the exchange
     * @param initiatedByUs whether the exchange was ours
     * @param ending how the exchange ended
     */
    record TellFailed(long connection, boolean initiatedByUs, Ending ending) implements Action {}

    /**
     * Close this connection, and only this one; the application's policy may say otherwise.
     *
     * @param connection the connection of the permanent failure
     */
    record CloseConnection(long connection) implements Action {}
}
