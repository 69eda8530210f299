package org.minip2p.host;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.Role;

/**
 * What a {@link HostObserver} gets. It contains no peer id, no address and no text from a peer: each value is from a fixed list, a number, or
 * a protocol that this host itself handles or opens.
 */
public sealed interface HostObservation {
    /** Stands for all protocols after the first 256. */
    String OTHER_PROTOCOL = "other";

    /**
     * Passes this to an observer.
     *
     * @param observer the observer
     */
    void tell(HostObserver observer);

    /** The IP version of a socket's address. */
    enum IpVersion {
        /** An IPv4 address. */
        IP4,
        /** An IPv6 address. */
        IP6,
        /** None of these. */
        UNKNOWN
    }

    /** The stages of a socket that becomes a connection. */
    enum Stage {
        /** Limits and the gater are checked; no byte has been sent or read. */
        PERMITTING,
        /** TCP connects; dialed sockets only. */
        CONNECTING,
        /** multistream-select agrees on Noise. A dialer that pipelines does not wait for the answer: then this takes no time. */
        NEGOTIATING_SECURITY,
        /** The Noise handshake. */
        SECURING,
        /** multistream-select agrees on Yamux, unless the handshake did. */
        NEGOTIATING_MUXER,
        /** The host decides whether to admit the connection. */
        DECIDING
    }

    /** Why a socket or a dial failed. */
    enum SocketFault {
        /** A limit was reached, or the gater refused. */
        DENIED,
        /** It was no longer needed: another socket was faster, the dial had ended, or its caller cancelled it. */
        CANCELLED,
        /** It took too long. */
        TIMEOUT,
        /** Nobody listens there. */
        REFUSED,
        /** It could not be connected for another reason. */
        UNREACHABLE,
        /** The address cannot be dialed, or its name was not found. */
        ADDRESS,
        /** The bytes ended, or the socket broke, before it was a connection. */
        ENDED,
        /** A different peer answered than the one that was dialed. */
        WRONG_PEER,
        /** The peer broke a rule, or does not speak our protocols. */
        PROTOCOL,
        /** The host was closed. */
        HOST_CLOSED,
        /** Anything else. */
        OTHER
    }

    /** How a dial ended. */
    enum DialOutcome {
        /** There is a connection. */
        CONNECTED,
        /** No address led to one. */
        FAILED,
        /** The last of its callers has cancelled it. */
        CANCELLED
    }

    /** How a stream with a protocol ended. */
    enum StreamEnd {
        /** Cleanly. */
        CLOSED,
        /** This side reset it. */
        RESET_HERE,
        /** The peer reset it. */
        RESET_BY_PEER,
        /** Its connection ended before. */
        CONNECTION_ENDED,
        /** It was opened optimistically, and then the peer refused its protocol or did not answer in time. */
        NOT_AGREED
    }

    /** Why no protocol was agreed on. */
    enum StreamFault {
        /** One side does not speak the protocol that the other proposed. */
        UNSUPPORTED_PROTOCOL,
        /** An invalid or too long answer. */
        NEGOTIATION_FAILED,
        /** It took too long, including the wait for a free stream slot of the connection. */
        TIMEOUT,
        /** Too many streams of the connection were negotiating. */
        TOO_MANY,
        /** The peer already had the maximum number of open streams on the connection. */
        TOO_MANY_OPEN,
        /** Too many streams of the peer were not acknowledged yet: it opens them faster than this side accepts them. */
        TOO_MANY_UNACKNOWLEDGED,
        /** The connection was closed or closing. */
        CONNECTION_CLOSED,
        /** The stream ended, or was reset, before that. */
        ENDED
    }

    /**
     * The kind of a connection.
     *
     * @param role {@link Role#INITIATOR} when this side dialed
     * @param transport such as {@code tcp}
     * @param security such as {@code /noise}
     * @param muxer such as {@code /yamux/1.0.0}
     * @param earlyMuxer whether the security handshake agreed on the muxer
     * @param ipVersion of the remote address
     * @param keyType of the peer's identity
     */
    record ConnectionKind(
            Role role,
            String transport,
            String security,
            String muxer,
            boolean earlyMuxer,
            IpVersion ipVersion,
            KeyType keyType) {}

    /**
     * The host has started; always the first observation.
     *
     * @param host the host
     */
    record HostStarted(Host host) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.hostStarted(host);
        }
    }

    /**
     * The host is closed; always the last observation, and never dropped.
     *
     * @param host the host
     */
    record HostClosed(Host host) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.hostClosed(host);
        }
    }

    /**
     * A dial has ended, with all of its sockets. A dial that was refused before it began does not count.
     *
     * @param outcome how it ended
     * @param fault why it failed, if it did: the last of the reasons
     * @param sockets how many were opened
     * @param time from its start
     */
    record DialEnded(DialOutcome outcome, @Nullable SocketFault fault, int sockets, Duration time)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.dialEnded(this);
        }
    }

    /**
     * A socket has completed a stage.
     *
     * @param role {@link Role#INITIATOR} when this side dialed
     * @param stage the completed stage
     * @param time how long it took
     */
    record StagePassed(Role role, Stage stage, Duration time) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.stagePassed(this);
        }
    }

    /**
     * A socket has not become a connection. Each socket leads to exactly one of this and {@link ConnectionOpened}.
     *
     * @param role {@link Role#INITIATOR} when this side dialed
     * @param stage the stage that failed
     * @param fault why
     * @param ipVersion of the remote address
     * @param time from its start
     */
    record SocketFailed(Role role, Stage stage, SocketFault fault, IpVersion ipVersion, Duration time)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.socketFailed(this);
        }
    }

    /**
     * The host has admitted a connection. It is followed by one {@link ConnectionClosed}.
     *
     * @param kind what sort of connection
     * @param upgrade from the start of the socket until its muxer was installed; for a dialed socket, from before it connected
     */
    record ConnectionOpened(ConnectionKind kind, Duration upgrade) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.connectionOpened(this);
        }
    }

    /**
     * A connection has ended.
     *
     * @param kind what sort of connection
     * @param lifetime since it was admitted
     * @param reason why
     * @param bytesRead bytes read from its socket, from the first one
     * @param bytesWritten bytes written to its socket
     */
    record ConnectionClosed(
            ConnectionKind kind, Duration lifetime, CloseCause.Reason reason, long bytesRead, long bytesWritten)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.connectionClosed(this);
        }
    }

    /**
     * A stream has a protocol: agreed, or proposed by this side as the only one, without waiting for the answer. It is followed by one
     * {@link StreamClosed}.
     *
     * @param role {@link Role#INITIATOR} when this side opened it
     * @param protocol the protocol, or {@link #OTHER_PROTOCOL}
     */
    record StreamOpened(Role role, String protocol) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.streamOpened(this);
        }
    }

    /**
     * A stream that had a protocol has ended.
     *
     * @param role {@link Role#INITIATOR} when this side opened it
     * @param protocol as reported when it was opened
     * @param end how it ended
     * @param resetCode the code of the peer's reset, unsigned 32 bits; 0 for none. The peer chooses it, so do not use it as a label
     * @param lifetime since it had a protocol
     * @param bytesRead including the negotiation
     * @param bytesWritten including the negotiation
     */
    record StreamClosed(
            Role role,
            String protocol,
            StreamEnd end,
            long resetCode,
            Duration lifetime,
            long bytesRead,
            long bytesWritten)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.streamClosed(this);
        }
    }

    /**
     * A stream has failed before it had a protocol.
     *
     * @param role {@link Role#INITIATOR} when this side opened it
     * @param fault why
     */
    record StreamFailed(Role role, StreamFault fault) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.streamFailed(this);
        }
    }

    /**
     * Observers were too slow: some observations were dropped.
     *
     * @param observations how many since the last report
     */
    record Lost(long observations) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.lost(this);
        }
    }
}
