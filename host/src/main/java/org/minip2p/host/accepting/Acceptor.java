package org.minip2p.host.accepting;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.HostObservation;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.host.upgrade.Upgrade;
import org.minip2p.host.upgrade.UpgradeStages;

/**
 * Accepts the sockets of the listeners: checks limits and the gater before a byte is read, then upgrades each socket independently, so
 * that a slow one delays no other. One for all accepted sockets. Thread-safe.
 */
public final class Acceptor extends ChannelInitializer<Channel> {
    private final ConnectionGater gater;
    final ConnectionLimits limits;
    private final UpgradeStages stages;
    private final ConnectionTable table;
    private final AcceptPace pace;

    /**
     * For one host.
     *
     * @param gater checked first
     * @param limits checked next
     * @param stages the stages of an upgrade
     * @param table decides on new connections
     * @param pace receives the failures
     */
    public Acceptor(
            ConnectionGater gater,
            ConnectionLimits limits,
            UpgradeStages stages,
            ConnectionTable table,
            AcceptPace pace) {
        this.gater = gater;
        this.limits = limits;
        this.stages = stages;
        this.table = table;
        this.pace = pace;
    }

    @Override
    protected void initChannel(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (remote == null) {
            channel.close();
            return;
        }
        try {
            if (!gater.mayAccept(remote)) {
                throw new ConnectionDeniedException("the gater refused " + remote);
            }
            Accepted accepted = new Accepted(remote);
            Upgrade upgrade = new Upgrade(stages, Role.RESPONDER, null, channel, accepted);
            ConnectionLimits.Place place = limits.accept(remote, () -> upgrade.abort(madeRoom()));
            channel.closeFuture().addListener(closed -> place.release());
            accepted.place = place;
            upgrade.start();
        } catch (ConnectionDeniedException | RuntimeException e) {
            // The slot, if there is one, is released when the socket is closed.
            channel.close();
            stages.meter().socketFailed(Role.RESPONDER, HostObservation.Stage.PERMITTING, remote, e);
            pace.failed(remote, e);
        }
    }

    private static ConnectionDeniedException madeRoom() {
        return new ConnectionDeniedException("closed before it was a connection, to make room for another one");
    }

    /** One accepted socket. */
    private final class Accepted implements Upgrade.Outcome, ConnectionTable.Verdict {
        private final SocketAddress remote;
        private ConnectionLimits.@Nullable Place place;

        Accepted(SocketAddress remote) {
            this.remote = remote;
        }

        @Override
        public void upgraded(UndecidedConnection connection) {
            if (place != null) {
                place.upgraded();
            }
            table.submit(connection, this);
        }

        @Override
        public void failed(Throwable cause) {
            pace.failed(remote, cause);
        }

        @Override
        public void admitted(Connection connection) {
            // The table has reported it.
        }

        @Override
        public void denied(Throwable cause) {
            pace.failed(remote, cause);
        }
    }
}
