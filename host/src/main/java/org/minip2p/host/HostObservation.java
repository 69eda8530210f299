package org.minip2p.host;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.Role;

/**
 * What a {@link HostObserver} is told. No peer id, no address and no text of a peer is in it: each value comes from a fixed list, is a number,
 * or is a protocol that this host itself answers to or asks for.
 */
public sealed interface HostObservation {
    /** What stands for the protocols behind the first 256. */
    String OTHER_PROTOCOL = "other";

    /** Tells an observer of this. */
    void tell(HostObserver observer);

    /** How a socket's address is written. */
    enum IpVersion {
        /** An IPv4 address. */
        IP4,
        /** An IPv6 address. */
        IP6,
        /** None of these. */
        UNKNOWN
    }

    /** How far a socket has come on its way to a connection. */
    enum Stage {
        /** Limits and the gater are asked; no byte has been sent or read. */
        PERMITTING,
        /** TCP connects; dialed sockets only. */
        CONNECTING,
        /** multistream-select agrees on Noise. A dialer that pipelines does not wait for the answer: then this takes no time. */
        NEGOTIATING_SECURITY,
        /** The Noise handshake. */
        SECURING,
        /** multistream-select agrees on Yamux, unless the handshake did. */
        NEGOTIATING_MUXER,
        /** The host decides whether the connection may enter. */
        DECIDING
    }

    /** Why a socket, or a dial, came to nothing. */
    enum SocketFault {
        /** A limit was reached, or the gater said no. */
        DENIED,
        /** Nobody needed it any more: another socket was faster, the dial was over, or its caller cancelled it. */
        CANCELLED,
        /** It took too long. */
        TIMEOUT,
        /** Nobody listens there. */
        REFUSED,
        /** It could not be connected for another reason. */
        UNREACHABLE,
        /** The address stands for nothing that can be dialed, or its name was not found. */
        ADDRESS,
        /** The bytes ended, or the socket broke, before it was a connection. */
        ENDED,
        /** Another peer was there than the one that was dialed. */
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
        /** In good order. */
        CLOSED,
        /** This side reset it. */
        RESET_HERE,
        /** The peer reset it. */
        RESET_BY_PEER,
        /** Its connection ended before. */
        CONNECTION_ENDED,
        /** It was opened in advance, and then the peer refused its protocol or did not answer in time. */
        NOT_AGREED
    }

    /** Why no protocol was agreed on. */
    enum StreamFault {
        /** The one side does not speak what the other proposed. */
        UNSUPPORTED_PROTOCOL,
        /** An answer that is none, or too much of it. */
        NEGOTIATION_FAILED,
        /** It took too long, the wait for a place among the connection's streams included. */
        TIMEOUT,
        /** Too many streams of the connection were negotiating. */
        TOO_MANY,
        /** The peer had as many streams open on the connection as it may. */
        TOO_MANY_OPEN,
        /** As many streams of the peer as may were not yet acknowledged: it opens them faster than this side takes them. */
        TOO_MANY_UNACKNOWLEDGED,
        /** The connection was closed or closing. */
        CONNECTION_CLOSED,
        /** The stream ended, or was reset, before that. */
        ENDED
    }

    /**
     * What sort of connection it is.
     *
     * @param role INITIATOR when this side dialed
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
     * The host has started: it is told first.
     *
     * @param host which
     */
    record HostStarted(Host host) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.hostStarted(host);
        }
    }

    /**
     * The host is closed: it is told last, and never lost.
     *
     * @param host which
     */
    record HostClosed(Host host) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.hostClosed(host);
        }
    }

    /**
     * A dial has ended, with all of its sockets. One that was refused before it began is none.
     *
     * @param outcome how
     * @param fault why it failed, if it did: the last of the reasons
     * @param sockets how many were opened
     * @param time from its begin
     */
    record DialEnded(DialOutcome outcome, @Nullable SocketFault fault, int sockets, Duration time)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.dialEnded(this);
        }
    }

    /**
     * A socket has left a stage for the next one.
     *
     * @param role INITIATOR when this side dialed
     * @param stage the one that it left
     * @param time how long it took
     */
    record StagePassed(Role role, Stage stage, Duration time) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.stagePassed(this);
        }
    }

    /**
     * A socket has not become a connection. For each socket either this is told or {@link ConnectionOpened}, once.
     *
     * @param role INITIATOR when this side dialed
     * @param stage how far it came
     * @param fault why
     * @param ipVersion of the remote address
     * @param time from its begin
     */
    record SocketFailed(Role role, Stage stage, SocketFault fault, IpVersion ipVersion, Duration time)
            implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.socketFailed(this);
        }
    }

    /**
     * The host has let a connection in. It is followed by one {@link ConnectionClosed}.
     *
     * @param kind what sort of connection
     * @param upgrade from the begin of the socket until its muxer was in place; for a dialed one that is from before it connected
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
     * @param lifetime from when it was let in
     * @param reason why
     * @param bytesRead what its socket has read, from the first byte
     * @param bytesWritten what was written to its socket
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
     * A stream has a protocol: agreed on, or proposed by this side alone and not waited for. It is followed by one {@link StreamClosed}.
     *
     * @param role INITIATOR when this side opened it
     * @param protocol which, or {@link #OTHER_PROTOCOL}
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
     * @param role INITIATOR when this side opened it
     * @param protocol as it was told when it was opened
     * @param end how
     * @param resetCode what came with the peer's reset, unsigned 32 bits; 0 for none. The peer chooses it: it is no label
     * @param lifetime from when it had a protocol
     * @param bytesRead the negotiation included
     * @param bytesWritten the negotiation included
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
     * A stream has come to nothing before it had a protocol.
     *
     * @param role INITIATOR when this side wanted it
     * @param fault why
     */
    record StreamFailed(Role role, StreamFault fault) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.streamFailed(this);
        }
    }

    /**
     * Observers were too slow: some of what happened was not kept, and will not be told.
     *
     * @param observations how many since this was told last
     */
    record Lost(long observations) implements HostObservation {
        @Override
        public void tell(HostObserver observer) {
            observer.lost(this);
        }
    }
}
