package org.minip2p.host;

/**
 * Counts what a host does, without touching it: dials, sockets by stage, connections and streams with their ends. Set by {@link
 * HostBuilder#observer}; a host without one measures nothing. What can only be asked for (memory, queues, bytes so far) is in {@link
 * Host#figures}.
 *
 * <h2>Threads</h2>
 *
 * All methods are called on one daemon thread of the host, {@code minip2p-observer}, one after the other, and in the order in which things
 * happened on each connection. An observer of several hosts is called on a thread of each.
 *
 * <h2>Faults</h2>
 *
 * Nothing of the host waits for an observer. One that throws is told what follows all the same; the first time is logged at ERROR. While one
 * does not return, up to 16,384 observations wait, for all observers of the host; those behind are dropped, and {@link #lost} tells how many
 * when it goes on.
 */
public interface HostObserver {
    /** The host runs: told before everything else, of a host whose start failed as well. */
    default void hostStarted(Host host) {}

    /** The host is closed: nothing is told after this. */
    default void hostClosed(Host host) {}

    /** A dial has ended. */
    default void dialEnded(HostObservation.DialEnded dial) {}

    /** A socket has left a stage of its upgrade in good order. */
    default void stagePassed(HostObservation.StagePassed stage) {}

    /** A socket has not become a connection. */
    default void socketFailed(HostObservation.SocketFailed socket) {}

    /** A connection was let in. */
    default void connectionOpened(HostObservation.ConnectionOpened connection) {}

    /** A connection has ended. */
    default void connectionClosed(HostObservation.ConnectionClosed connection) {}

    /** A stream has a protocol. */
    default void streamOpened(HostObservation.StreamOpened stream) {}

    /** A stream that had a protocol has ended. */
    default void streamClosed(HostObservation.StreamClosed stream) {}

    /** A stream has ended before it had a protocol. */
    default void streamFailed(HostObservation.StreamFailed stream) {}

    /** Some observations were dropped. */
    default void lost(HostObservation.Lost lost) {}
}
