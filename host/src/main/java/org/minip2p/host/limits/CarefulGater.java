package org.minip2p.host.limits;

import java.net.SocketAddress;
import java.util.function.BooleanSupplier;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.ConnectionGater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the application's gater; an exception counts as a refusal. As thread-safe as the gater itself. */
public final class CarefulGater implements ConnectionGater {
    private static final Logger LOG = LoggerFactory.getLogger(CarefulGater.class);

    private final ConnectionGater gater;

    /** Wraps a gater. */
    public CarefulGater(ConnectionGater gater) {
        this.gater = gater;
    }

    @Override
    public boolean mayAccept(SocketAddress remoteAddress) {
        return ask(() -> gater.mayAccept(remoteAddress));
    }

    @Override
    public boolean mayDial(Multiaddr address) {
        return ask(() -> gater.mayDial(address));
    }

    @Override
    public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
        return ask(() -> gater.mayEstablish(peer, remoteAddress, role));
    }

    private static boolean ask(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("gater threw", e);
            return false;
        }
    }
}
