package org.minip2p.host;

/**
 * Counts what a host does, without touching it: dials, sockets by stage, connections and streams with their ends. Set by {@link
 * HostBuilder#observer}; a host without one measures nothing. {@link Host#figures} has the values that can only be read (memory, queues,
 * total bytes).
 *
 * <h2>Threads</h2>
 *
 * All methods are called on one daemon thread of the host, {@code minip2p-observer}, one after the other, and in the order in which things
 * happened on each connection. An observer of several hosts is called on a thread of each.
 *
 * <h2>Faults</h2>
 *
 * The host never waits for an observer. An observer that throws still gets later observations; its first exception is logged at ERROR. While
 * an observer does not return, up to 16,384 observations wait, for all observers of the host. Further ones are dropped, and {@link #lost}
 * reports their number when the observer continues.
 */
public interface HostObserver {
    /**
     * The host runs. Called before everything else, also for a host whose start failed.
     *
     * @param host the host
     */
    default void hostStarted(Host host) {}

    /**
     * The host is closed. Called last.
     *
     * @param host the host
     */
    default void hostClosed(Host host) {}

    /**
     * A dial has ended.
     *
     * @param dial the dial
     */
    default void dialEnded(HostObservation.DialEnded dial) {}

    /**
     * A socket has completed a stage of its upgrade.
     *
     * @param stage the stage
     */
    default void stagePassed(HostObservation.StagePassed stage) {}

    /**
     * A socket has not become a connection.
     *
     * @param socket the socket and what went wrong
     */
    default void socketFailed(HostObservation.SocketFailed socket) {}

    /**
     * A connection was admitted.
     *
     * @param connection the connection
     */
    default void connectionOpened(HostObservation.ConnectionOpened connection) {}

    /**
     * A connection has ended.
     *
     * @param connection the connection and its end
     */
    default void connectionClosed(HostObservation.ConnectionClosed connection) {}

    /**
     * A stream has a protocol.
     *
     * @param stream the stream
     */
    default void streamOpened(HostObservation.StreamOpened stream) {}

    /**
     * A stream that had a protocol has ended.
     *
     * @param stream the stream
     */
    default void streamClosed(HostObservation.StreamClosed stream) {}

    /**
     * A stream has ended before it had a protocol.
     *
     * @param stream the stream
     */
    default void streamFailed(HostObservation.StreamFailed stream) {}

    /**
     * Some observations were dropped.
     *
     * @param lost how many
     */
    default void lost(HostObservation.Lost lost) {}
}
