package org.minip2p.host;

import java.util.List;

/**
 * The current figures of a host. They are read one after the other, so they may be slightly inconsistent. Immutable.
 *
 * @param sockets its sockets and connections
 * @param memory its unread and unsent bytes
 * @param queues work that is waiting
 * @param traffic its received and sent bytes; all zero without a {@link HostObserver}
 */
public record HostFigures(Sockets sockets, Memory memory, Queues queues, Traffic traffic) {
    /**
     * Sockets.
     *
     * @param total all sockets that take a slot, including pending ones
     * @param pendingInbound accepted ones that are not yet connections
     * @param pendingOutbound dialed ones that are not yet connections
     * @param inbound connections that were accepted
     * @param outbound connections that were dialed
     * @param dials pending dials; each has one pending socket for each address that it is trying, and none while it looks up a name
     */
    public record Sockets(int total, int pendingInbound, int pendingOutbound, int inbound, int outbound, int dials) {}

    /**
     * Bytes that are unread, unsent, or waiting for the application.
     *
     * @param heldBytes how many there are
     * @param limitBytes how many there may be
     * @param holders connections that hold some
     */
    public record Memory(long heldBytes, long limitBytes, int holders) {}

    /**
     * Queues.
     *
     * @param events events and other tasks that the application's executor has not finished
     * @param eventBytes what they keep
     * @param observations observations that have not been delivered yet
     * @param observationsLost observations that were dropped, since the start
     */
    public record Queues(int events, long eventBytes, int observations, long observationsLost) {}

    /**
     * Bytes since the start.
     *
     * @param bytesRead from all sockets
     * @param bytesWritten to all sockets
     * @param protocols on streams, by protocol: {@code unknown} for streams that never had one, {@link HostObservation#OTHER_PROTOCOL} for
     *     those after the first 256
     */
    public record Traffic(long bytesRead, long bytesWritten, List<ProtocolTraffic> protocols) {
        /**
         * Copies the list.
         *
         * @param bytesRead from all sockets
         * @param bytesWritten to all sockets
         * @param protocols on streams, by protocol: {@code unknown} for streams that never had one, {@link HostObservation#OTHER_PROTOCOL}
         *     for those after the first 256
         */
        public Traffic {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * Bytes on the streams of one protocol since the start, their negotiation included.
     *
     * @param protocol the protocol of the streams
     * @param bytesRead from the peers
     * @param bytesWritten to them, accepted from the handlers
     */
    public record ProtocolTraffic(String protocol, long bytesRead, long bytesWritten) {}
}
