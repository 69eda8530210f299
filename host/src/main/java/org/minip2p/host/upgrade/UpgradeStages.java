package org.minip2p.host.upgrade;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.host.connections.ConnectionFactory;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.multistream.netty.MultistreamInitiator;
import org.minip2p.multistream.netty.MultistreamResponder;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.netty.NoiseHandshakeHandler;
import org.minip2p.noise.netty.SecureChannelListener;

/** Creates the handlers of one host's upgrades. {@link Upgrade} decides their order. Thread-safe. */
public final class UpgradeStages {
    private final NoiseIdentity identity;
    private final Executor verifier;
    private final ConnectionFactory connections;
    private final UpgradeSettings settings;
    private final HostMeter meter;

    /**
     * For one host.
     *
     * @param identity its identity in the Noise handshake
     * @param verifier checks slow identity proofs
     * @param connections creates the connections
     * @param settings limits
     * @param meter measures sockets
     */
    public UpgradeStages(
            NoiseIdentity identity,
            Executor verifier,
            ConnectionFactory connections,
            UpgradeSettings settings,
            HostMeter meter) {
        this.identity = identity;
        this.verifier = verifier;
        this.connections = connections;
        this.settings = settings;
        this.meter = meter;
    }

    /** Measures what happens to sockets. */
    public HostMeter meter() {
        return meter;
    }

    /** From the first packet of a socket to an established connection. */
    public Duration timeout() {
        return settings.timeout();
    }

    Duration linger() {
        return settings.linger();
    }

    ChannelHandler negotiation(Role role, ProtocolId protocol, NegotiationListener listener) {
        if (role == Role.RESPONDER) {
            return new MultistreamResponder(protocol::equals, settings.negotiation(), listener);
        }
        return settings.pipelining()
                ? MultistreamInitiator.lazy(protocol, listener)
                : MultistreamInitiator.waiting(List.of(protocol), listener);
    }

    ChannelHandler handshake(Role role, @Nullable PeerId expectedPeer, SecureChannelListener listener) {
        return new NoiseHandshakeHandler(identity, role, expectedPeer, listener, verifier);
    }

    UndecidedConnection connection(
            Channel channel, Role role, SecureSession secured, Runnable decided, @Nullable SocketMeter socketMeter) {
        return connections.connection(channel, role, secured, decided, socketMeter);
    }
}
