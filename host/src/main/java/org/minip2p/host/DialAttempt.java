package org.minip2p.host;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.transport.ConnectFailedException;
import org.minip2p.transport.TcpTransport;

/** One socket of a dial: connects, upgrades and reports to its {@link PeerDial} on the peer executor. */
final class DialAttempt implements Upgrade.Outcome {
    private final HostServices services;
    private final PeerDial dial;
    private final Multiaddr address;
    private final InetSocketAddress remote;
    private final ConnectionLimits.Place place;
    private volatile @Nullable Upgrade upgrade;
    private volatile @Nullable Throwable aborted;
    private volatile boolean sparesSecured;

    DialAttempt(
            HostServices services,
            PeerDial dial,
            Multiaddr address,
            InetSocketAddress remote,
            ConnectionLimits.Place place) {
        this.services = services;
        this.dial = dial;
        this.address = address;
        this.remote = remote;
        this.place = place;
    }

    Multiaddr address() {
        return address;
    }

    /** Opens the socket. Peer executor. */
    void start(TcpTransport transport, @Nullable PeerId expectedPeer) {
        ChannelFuture connect = transport.connect(
                remote, services.config().get(HostConfig.UPGRADE_TIMEOUT), new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        begin(channel, expectedPeer);
                    }
                });
        connect.addListener(done -> {
            if (!done.isSuccess()) {
                Upgrade begun = upgrade;
                Throwable cause = new ConnectFailedException(remote, done.cause());
                if (begun == null) {
                    failed(cause);
                } else {
                    begun.abort(cause);
                }
            }
        });
        ConnectionLimits.Place held = place; // not this object: a connection outlives its dial
        connect.channel().closeFuture().addListener(closed -> held.release());
    }

    private void begin(Channel channel, @Nullable PeerId expectedPeer) {
        Upgrade begun = new Upgrade(services, Role.INITIATOR, expectedPeer, channel, this);
        upgrade = begun;
        begun.start();
        abortIfWanted();
    }

    /** Gives up, and closes the socket. Any thread. */
    void abort(Throwable cause) {
        sparesSecured = false;
        aborted = cause;
        abortIfWanted();
    }

    /** The same, but a socket whose peer may hold it for a connection already goes on. Any thread. */
    void abortUnlessSecured(Throwable cause) {
        sparesSecured = true;
        aborted = cause;
        abortIfWanted();
    }

    private void abortIfWanted() {
        Upgrade begun = upgrade;
        Throwable cause = aborted;
        if (begun == null || cause == null) {
            return;
        }
        if (sparesSecured) {
            begun.abortUnlessSecured(cause);
        } else {
            begun.abort(cause);
        }
    }

    @Override
    public void upgraded(Connection connection) {
        place.upgraded();
        services.peerExecutor().execute(() -> dial.upgraded(this, connection));
    }

    @Override
    public void failed(Throwable cause) {
        services.peerExecutor().execute(() -> dial.failed(this, cause));
    }
}
