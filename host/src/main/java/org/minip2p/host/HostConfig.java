package org.minip2p.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Every limit and time-out of a host, with defaults that suit a node on the open network. Immutable.
 *
 * @param maxConnections connections in all, dialed and accepted
 * @param maxConnectionsPerPeer connections to one peer; never 1, since with one on each side a mutual dial can close both
 * @param maxConnectionsPerIp accepted connections from one IPv4 address or IPv6 /56; loopback is free
 * @param maxPendingUpgrades sockets that are not yet connections
 * @param maxVerifications identity proofs that take long (of all keys but Ed25519) checked at once, off the event loops
 * @param upgradeTimeout from the first packet of a socket to its being a connection
 * @param dialTimeout one dial with all its addresses
 * @param nameTimeout one look-up of a host name
 * @param idleTimeout without a stream or a lease before a connection is closed; zero turns it off
 * @param supersededTimeout the same for a connection beside which another one to the same peer serves as well
 * @param drainTimeout how long a closing connection waits for streams that still have something to send
 * @param lingerTimeout how long a closed connection reads and discards, so that the last bytes reach the peer
 * @param keepAliveInterval between the pings that show that a silent connection lives
 * @param negotiationTimeout to agree on the protocol of one stream
 * @param maxProposals proposals in one negotiation
 * @param maxNegotiatingStreams inbound streams of one connection whose protocol is not agreed yet
 * @param maxInboundStreams inbound streams of one connection
 * @param maxUnacknowledgedStreams inbound streams of one connection that were not taken yet
 * @param maxOutboundStreams outbound streams of one connection; more wait
 * @param maxResets stream resets by the peer, or provoked by it, in 30 s
 * @param streamQueueBytes bytes that one stream holds unsent; a write beyond fails
 * @param maxStreamWindowBytes the largest window that one stream is granted
 * @param connectionBudgetBytes unread bytes that one connection may hold
 * @param maxWaitingEvents events not yet taken by the application before nothing new is accepted or dialed
 * @param pipelining whether a proposal is followed at once by what comes next, where only one is made
 * @param earlyMuxerNegotiation whether the muxer is agreed on inside the Noise handshake
 */
public record HostConfig(
        int maxConnections,
        int maxConnectionsPerPeer,
        int maxConnectionsPerIp,
        int maxPendingUpgrades,
        int maxVerifications,
        Duration upgradeTimeout,
        Duration dialTimeout,
        Duration nameTimeout,
        Duration idleTimeout,
        Duration supersededTimeout,
        Duration drainTimeout,
        Duration lingerTimeout,
        Duration keepAliveInterval,
        Duration negotiationTimeout,
        int maxProposals,
        int maxNegotiatingStreams,
        int maxInboundStreams,
        int maxUnacknowledgedStreams,
        int maxOutboundStreams,
        int maxResets,
        int streamQueueBytes,
        int maxStreamWindowBytes,
        int connectionBudgetBytes,
        int maxWaitingEvents,
        boolean pipelining,
        boolean earlyMuxerNegotiation) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public HostConfig {
        requireAtLeast("maxConnections", maxConnections, 1);
        requireAtLeast("maxConnectionsPerPeer", maxConnectionsPerPeer, 2);
        requireAtLeast("maxConnectionsPerIp", maxConnectionsPerIp, 1);
        requireAtLeast("maxPendingUpgrades", maxPendingUpgrades, 1);
        requireAtLeast("maxVerifications", maxVerifications, 1);
        requireNotNegative("upgradeTimeout", upgradeTimeout);
        requireNotNegative("dialTimeout", dialTimeout);
        requireNotNegative("nameTimeout", nameTimeout);
        requireNotNegative("idleTimeout", idleTimeout);
        requireNotNegative("supersededTimeout", supersededTimeout);
        requireNotNegative("drainTimeout", drainTimeout);
        requireNotNegative("lingerTimeout", lingerTimeout);
        requireNotNegative("keepAliveInterval", keepAliveInterval);
        requireNotNegative("negotiationTimeout", negotiationTimeout);
        requireAtLeast("maxProposals", maxProposals, 1);
        requireAtLeast("maxNegotiatingStreams", maxNegotiatingStreams, 1);
        requireAtLeast("maxInboundStreams", maxInboundStreams, 1);
        requireAtLeast("maxUnacknowledgedStreams", maxUnacknowledgedStreams, 1);
        requireAtLeast("maxOutboundStreams", maxOutboundStreams, 1);
        requireAtLeast("maxResets", maxResets, 1);
        requireAtLeast("streamQueueBytes", streamQueueBytes, 1);
        requireAtLeast("maxStreamWindowBytes", maxStreamWindowBytes, 262144);
        requireAtLeast("connectionBudgetBytes", connectionBudgetBytes, 262144);
        requireAtLeast("maxWaitingEvents", maxWaitingEvents, 1);
    }

    /** The defaults. */
    public static HostConfig defaults() {
        return builder().build();
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * This configuration with one value replaced, by the name of its component: what a command line needs.
     *
     * @param name a component, such as {@code idleTimeout}
     * @param value a whole number, {@code true} or {@code false}, or a time: {@code 30s}, {@code 500ms}, {@code 2m}
     * @throws IllegalArgumentException when there is no such component or the value does not fit it
     */
    public HostConfig with(String name, String value) {
        RecordComponent[] components = HostConfig.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                boolean named = components[i].getName().equals(name);
                values[i] = named
                        ? ConfigValues.parse(types[i], name, value)
                        : components[i].getAccessor().invoke(this);
                found |= named;
            }
            if (!found) {
                throw new IllegalArgumentException("no setting " + name + "; there are "
                        + Arrays.stream(components)
                                .map(RecordComponent::getName)
                                .collect(Collectors.joining(", ")));
            }
            return HostConfig.class.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is at least " + least + ", not " + value);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is not negative, but was " + value);
        }
    }

    /** Makes a {@link HostConfig}. Not thread-safe. */
    public static final class Builder {
        private int maxConnections = 1024;
        private int maxConnectionsPerPeer = 2;
        private int maxConnectionsPerIp = 64;
        private int maxPendingUpgrades = 64;
        private int maxVerifications = 4;
        private Duration upgradeTimeout = Duration.ofSeconds(10);
        private Duration dialTimeout = Duration.ofSeconds(30);
        private Duration nameTimeout = Duration.ofSeconds(5);
        private Duration idleTimeout = Duration.ofSeconds(30);
        private Duration supersededTimeout = Duration.ofSeconds(5);
        private Duration drainTimeout = Duration.ofSeconds(5);
        private Duration lingerTimeout = Duration.ofSeconds(1);
        private Duration keepAliveInterval = Duration.ofSeconds(30);
        private Duration negotiationTimeout = Duration.ofSeconds(10);
        private int maxProposals = 16;
        private int maxNegotiatingStreams = 128;
        private int maxInboundStreams = 1024;
        private int maxUnacknowledgedStreams = 256;
        private int maxOutboundStreams = 256;
        private int maxResets = 200;
        private int streamQueueBytes = 1 << 20;
        private int maxStreamWindowBytes = 16 << 20;
        private int connectionBudgetBytes = 64 << 20;
        private int maxWaitingEvents = 1024;
        private boolean pipelining = true;
        private boolean earlyMuxerNegotiation = true;

        private Builder() {}

        private Builder(HostConfig from) {
            maxConnections = from.maxConnections;
            maxConnectionsPerPeer = from.maxConnectionsPerPeer;
            maxConnectionsPerIp = from.maxConnectionsPerIp;
            maxPendingUpgrades = from.maxPendingUpgrades;
            maxVerifications = from.maxVerifications;
            upgradeTimeout = from.upgradeTimeout;
            dialTimeout = from.dialTimeout;
            nameTimeout = from.nameTimeout;
            idleTimeout = from.idleTimeout;
            supersededTimeout = from.supersededTimeout;
            drainTimeout = from.drainTimeout;
            lingerTimeout = from.lingerTimeout;
            keepAliveInterval = from.keepAliveInterval;
            negotiationTimeout = from.negotiationTimeout;
            maxProposals = from.maxProposals;
            maxNegotiatingStreams = from.maxNegotiatingStreams;
            maxInboundStreams = from.maxInboundStreams;
            maxUnacknowledgedStreams = from.maxUnacknowledgedStreams;
            maxOutboundStreams = from.maxOutboundStreams;
            maxResets = from.maxResets;
            streamQueueBytes = from.streamQueueBytes;
            maxStreamWindowBytes = from.maxStreamWindowBytes;
            connectionBudgetBytes = from.connectionBudgetBytes;
            maxWaitingEvents = from.maxWaitingEvents;
            pipelining = from.pipelining;
            earlyMuxerNegotiation = from.earlyMuxerNegotiation;
        }

        /** Connections in all, dialed and accepted. */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = maxConnections;
            return this;
        }

        /** Connections to one peer; never 1, since with one on each side a mutual dial can close both. */
        public Builder maxConnectionsPerPeer(int maxConnectionsPerPeer) {
            this.maxConnectionsPerPeer = maxConnectionsPerPeer;
            return this;
        }

        /** Accepted connections from one IPv4 address or IPv6 /56; loopback is free. */
        public Builder maxConnectionsPerIp(int maxConnectionsPerIp) {
            this.maxConnectionsPerIp = maxConnectionsPerIp;
            return this;
        }

        /** Sockets that are not yet connections. */
        public Builder maxPendingUpgrades(int maxPendingUpgrades) {
            this.maxPendingUpgrades = maxPendingUpgrades;
            return this;
        }

        /** Identity proofs that take long (of all keys but Ed25519) checked at once, off the event loops. */
        public Builder maxVerifications(int maxVerifications) {
            this.maxVerifications = maxVerifications;
            return this;
        }

        /** From the first packet of a socket to its being a connection. */
        public Builder upgradeTimeout(Duration upgradeTimeout) {
            this.upgradeTimeout = upgradeTimeout;
            return this;
        }

        /** One dial with all its addresses. */
        public Builder dialTimeout(Duration dialTimeout) {
            this.dialTimeout = dialTimeout;
            return this;
        }

        /** One look-up of a host name. */
        public Builder nameTimeout(Duration nameTimeout) {
            this.nameTimeout = nameTimeout;
            return this;
        }

        /** Without a stream or a lease before a connection is closed; zero turns it off. */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = idleTimeout;
            return this;
        }

        /** The same for a connection beside which another one to the same peer serves as well. */
        public Builder supersededTimeout(Duration supersededTimeout) {
            this.supersededTimeout = supersededTimeout;
            return this;
        }

        /** How long a closing connection waits for streams that still have something to send. */
        public Builder drainTimeout(Duration drainTimeout) {
            this.drainTimeout = drainTimeout;
            return this;
        }

        /** How long a closed connection reads and discards, so that the last bytes reach the peer. */
        public Builder lingerTimeout(Duration lingerTimeout) {
            this.lingerTimeout = lingerTimeout;
            return this;
        }

        /** Between the pings that show that a silent connection lives. */
        public Builder keepAliveInterval(Duration keepAliveInterval) {
            this.keepAliveInterval = keepAliveInterval;
            return this;
        }

        /** To agree on the protocol of one stream. */
        public Builder negotiationTimeout(Duration negotiationTimeout) {
            this.negotiationTimeout = negotiationTimeout;
            return this;
        }

        /** Proposals in one negotiation. */
        public Builder maxProposals(int maxProposals) {
            this.maxProposals = maxProposals;
            return this;
        }

        /** Inbound streams of one connection whose protocol is not agreed yet. */
        public Builder maxNegotiatingStreams(int maxNegotiatingStreams) {
            this.maxNegotiatingStreams = maxNegotiatingStreams;
            return this;
        }

        /** Inbound streams of one connection. */
        public Builder maxInboundStreams(int maxInboundStreams) {
            this.maxInboundStreams = maxInboundStreams;
            return this;
        }

        /** Inbound streams of one connection that were not taken yet. */
        public Builder maxUnacknowledgedStreams(int maxUnacknowledgedStreams) {
            this.maxUnacknowledgedStreams = maxUnacknowledgedStreams;
            return this;
        }

        /** Outbound streams of one connection; more wait. */
        public Builder maxOutboundStreams(int maxOutboundStreams) {
            this.maxOutboundStreams = maxOutboundStreams;
            return this;
        }

        /** Stream resets by the peer, or provoked by it, in 30 s. */
        public Builder maxResets(int maxResets) {
            this.maxResets = maxResets;
            return this;
        }

        /** Bytes that one stream holds unsent; a write beyond fails. */
        public Builder streamQueueBytes(int streamQueueBytes) {
            this.streamQueueBytes = streamQueueBytes;
            return this;
        }

        /** The largest window that one stream is granted. */
        public Builder maxStreamWindowBytes(int maxStreamWindowBytes) {
            this.maxStreamWindowBytes = maxStreamWindowBytes;
            return this;
        }

        /** Unread bytes that one connection may hold. */
        public Builder connectionBudgetBytes(int connectionBudgetBytes) {
            this.connectionBudgetBytes = connectionBudgetBytes;
            return this;
        }

        /** Events not yet taken by the application before nothing new is accepted or dialed. */
        public Builder maxWaitingEvents(int maxWaitingEvents) {
            this.maxWaitingEvents = maxWaitingEvents;
            return this;
        }

        /** Whether a proposal is followed at once by what comes next, where only one is made. */
        public Builder pipelining(boolean pipelining) {
            this.pipelining = pipelining;
            return this;
        }

        /** Whether the muxer is agreed on inside the Noise handshake. */
        public Builder earlyMuxerNegotiation(boolean earlyMuxerNegotiation) {
            this.earlyMuxerNegotiation = earlyMuxerNegotiation;
            return this;
        }

        /** The configuration, checked. */
        public HostConfig build() {
            return new HostConfig(
                    maxConnections,
                    maxConnectionsPerPeer,
                    maxConnectionsPerIp,
                    maxPendingUpgrades,
                    maxVerifications,
                    upgradeTimeout,
                    dialTimeout,
                    nameTimeout,
                    idleTimeout,
                    supersededTimeout,
                    drainTimeout,
                    lingerTimeout,
                    keepAliveInterval,
                    negotiationTimeout,
                    maxProposals,
                    maxNegotiatingStreams,
                    maxInboundStreams,
                    maxUnacknowledgedStreams,
                    maxOutboundStreams,
                    maxResets,
                    streamQueueBytes,
                    maxStreamWindowBytes,
                    connectionBudgetBytes,
                    maxWaitingEvents,
                    pipelining,
                    earlyMuxerNegotiation);
        }
    }
}
