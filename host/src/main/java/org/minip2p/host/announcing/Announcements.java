package org.minip2p.host.announcing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;
import org.minip2p.core.PeerId;
import org.minip2p.host.AddressFilter;
import org.minip2p.host.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that a host announces: those on which it listens, then those that the application adds; and the peers that
 * it tells. Thread-safe.
 */
public final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final PeerId self;
    private final Supplier<List<Multiaddr>> listening;
    private final AddressFilter filter;

    /** Each ends in this host's peer id. */
    private volatile List<Multiaddr> added = List.of();

    private volatile @Nullable Joined joined;

    /** The last combined list, and its input. */
    private record Joined(List<Multiaddr> listening, List<Multiaddr> added, List<Multiaddr> all) {}

    /**
     * Creates the announcements; none is added yet.
     *
     * @param self the peer of these addresses
     * @param listening where it listens, the same list object until it changes; empty when it is closed
     * @param filter decides which peers are told
     */
    public Announcements(PeerId self, Supplier<List<Multiaddr>> listening, AddressFilter filter) {
        this.self = self;
        this.listening = listening;
        this.filter = filter;
    }

    /**
     * Announces this address.
     *
     * @throws IllegalArgumentException when it ends in another peer, or stands for all addresses of a machine
     */
    public synchronized void add(Multiaddr address) {
        Set<Multiaddr> changed = new LinkedHashSet<>(added);
        changed.add(own(self, address));
        added = List.copyOf(changed);
    }

    /** Stops announcing an address; returns whether it was announced. */
    public synchronized boolean remove(Multiaddr address) {
        List<Multiaddr> changed = new ArrayList<>(added);
        boolean removed = changed.remove(address.withPeerId(self));
        added = List.copyOf(changed);
        return removed;
    }

    /**
     * An address that a peer may announce, with its id at the end.
     *
     * @throws IllegalArgumentException when a peer may not announce it
     */
    public static Multiaddr own(PeerId self, Multiaddr address) {
        address.peerId().filter(other -> !other.equals(self)).ifPresent(other -> {
            throw new IllegalArgumentException("expected an address of " + self + ", got " + address);
        });
        Multiaddr.Component host = address.components().get(0);
        if ((host.protocol() == MultiaddrProtocol.IP4 && host.value().equals("0.0.0.0"))
                || (host.protocol() == MultiaddrProtocol.IP6 && host.value().equals("::"))) {
            throw new IllegalArgumentException("expected an address that others can dial, got " + address);
        }
        return address.withPeerId(self);
    }

    /** All addresses, the same list object until something changes. */
    public List<Multiaddr> addresses(boolean isClosed) {
        List<Multiaddr> sockets = listening.get();
        List<Multiaddr> more = isClosed ? List.of() : added;
        if (more.isEmpty()) {
            return sockets;
        }
        Joined last = joined;
        if (last == null || last.listening != sockets || last.added != more) {
            Set<Multiaddr> all = new LinkedHashSet<>(sockets);
            all.addAll(more);
            last = new Joined(sockets, more, List.copyOf(all));
            joined = last;
        }
        return last.all;
    }

    /** Whether the peer of a connection may be told this address. */
    public boolean mayTell(Multiaddr address, Connection connection) {
        try {
            return filter.mayTell(address.withoutPeerId(), connection.remotePeer(), connection.remoteAddress());
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("connection={} address filter threw", connection.id(), e);
            return false;
        }
    }
}
