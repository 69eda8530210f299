package org.minip2p.host.book;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

/** The addresses of one peer, within limits. Confined to its book's lock. */
final class PeerAddresses {
    /** The overhead of a peer's entry besides its addresses. */
    private static final int PEER_BYTES = 400;

    private final BookLimits limits;

    /** In the order of insertion. There are few, usually one, so they are searched linearly; a map would take more memory. */
    private final List<KnownAddress> addresses = new ArrayList<>(1);

    private boolean connected;
    private long bytes = PEER_BYTES;

    PeerAddresses(BookLimits limits) {
        this.limits = limits;
    }

    /** Adds an address; if there are too many, drops another one, or this one. */
    void say(Multiaddr address, Source source, long until, long lasting, long change) {
        KnownAddress known = find(address);
        if (known == null) {
            known = new KnownAddress(address);
            if (PEER_BYTES + known.bytes > limits.peerBytes()) {
                return;
            }
            addresses.add(known);
            bytes += known.bytes;
        }
        known.say(source, until, lasting, change);
        while (addresses.size() > limits.peerAddresses() || bytes > limits.peerBytes()) {
            drop(addresses.stream().min(KnownAddress.WORST_FIRST).orElseThrow());
        }
    }

    /** Replaces the addresses of a source by these. */
    void keepOnly(Source source, Collection<Multiaddr> said) {
        Set<Multiaddr> kept = new HashSet<>(said);
        for (KnownAddress known : List.copyOf(addresses)) {
            if (!kept.contains(known.address())) {
                known.unsay(source);
                removeUnsaid(known);
            }
        }
    }

    boolean remove(Multiaddr address) {
        KnownAddress known = find(address);
        if (known != null) {
            drop(known);
        }
        return known != null;
    }

    private void drop(KnownAddress known) {
        addresses.remove(known);
        bytes -= known.bytes;
    }

    private @Nullable KnownAddress find(Multiaddr address) {
        byte[] bytesOfIt = address.bytes();
        for (KnownAddress known : addresses) {
            if (known.isOf(bytesOfIt)) {
                return known;
            }
        }
        return null;
    }

    /** Forgets expired entries, unless the peer is connected. */
    void expire(long nowMillis) {
        if (!connected) {
            for (KnownAddress known : List.copyOf(addresses)) {
                known.expire(nowMillis);
                removeUnsaid(known);
            }
        }
    }

    private void removeUnsaid(KnownAddress known) {
        if (known.isUnsaid()) {
            drop(known);
        }
    }

    void connected() {
        connected = true;
    }

    void disconnected(long nowMillis) {
        connected = false;
        addresses.forEach(known -> known.renew(nowMillis));
    }

    boolean isConnected() {
        return connected;
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }

    int size() {
        return addresses.size();
    }

    long bytes() {
        return bytes;
    }

    /** The order for dropping peers when a book is full: the last source is the least important. */
    Source value() {
        boolean dialed = false;
        for (KnownAddress known : addresses) {
            if (known.isFrom(Source.APPLICATION)) {
                return Source.APPLICATION;
            }
            dialed |= known.isFrom(Source.DIALED);
        }
        return dialed ? Source.DIALED : Source.IDENTIFY;
    }

    List<Known> known() {
        return addresses.stream()
                .sorted(KnownAddress.BEST_FIRST)
                .map(KnownAddress::known)
                .toList();
    }

    /** One entry for each source of an address, in the order in which the addresses came. */
    List<Known> all() {
        return addresses.stream().flatMap(known -> known.all().stream()).toList();
    }
}
