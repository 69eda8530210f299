package org.minip2p.host.book;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

/** What is known of one peer, within limits. Confined to its book's lock. */
final class PeerAddresses {
    /** What an entry for a peer costs beside its addresses. */
    private static final int PEER_BYTES = 400;

    private final BookLimits limits;
    private final Map<Multiaddr, KnownAddress> addresses = new LinkedHashMap<>();
    private boolean connected;
    private long bytes = PEER_BYTES;

    PeerAddresses(BookLimits limits) {
        this.limits = limits;
    }

    /** Says an address; others go when it is one too many, or it itself. */
    void say(Multiaddr address, Source source, long until, long lasting, long change) {
        KnownAddress known = addresses.get(address);
        if (known == null) {
            known = new KnownAddress(address);
            if (PEER_BYTES + known.bytes > limits.peerBytes()) {
                return;
            }
            addresses.put(address, known);
            bytes += known.bytes;
        }
        known.say(source, until, lasting, change);
        while (addresses.size() > limits.peerAddresses() || bytes > limits.peerBytes()) {
            remove(addresses.values().stream().min(KnownAddress.WORST_FIRST).orElseThrow().address);
        }
    }

    /** Nothing but these is said by a source any more. */
    void keepOnly(Source source, Collection<Multiaddr> said) {
        Set<Multiaddr> kept = new HashSet<>(said);
        for (KnownAddress known : new ArrayList<>(addresses.values())) {
            if (!kept.contains(known.address)) {
                known.unsay(source);
                removeUnsaid(known);
            }
        }
    }

    boolean remove(Multiaddr address) {
        KnownAddress known = addresses.remove(address);
        if (known != null) {
            bytes -= known.bytes;
        }
        return known != null;
    }

    /** Forgets what is out of date, unless the peer is connected. */
    void expire(long nowMillis) {
        if (!connected) {
            for (KnownAddress known : new ArrayList<>(addresses.values())) {
                known.expire(nowMillis);
                removeUnsaid(known);
            }
        }
    }

    private void removeUnsaid(KnownAddress known) {
        if (known.isUnsaid()) {
            remove(known.address);
        }
    }

    void connected() {
        connected = true;
    }

    void disconnected(long nowMillis) {
        connected = false;
        addresses.values().forEach(known -> known.renew(nowMillis));
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

    /** Who goes first when a book is full: the last of the sources is least. */
    Source value() {
        boolean dialed = false;
        for (KnownAddress known : addresses.values()) {
            if (known.isFrom(Source.APPLICATION)) {
                return Source.APPLICATION;
            }
            dialed |= known.isFrom(Source.DIALED);
        }
        return dialed ? Source.DIALED : Source.IDENTIFY;
    }

    List<Known> known() {
        return addresses.values().stream()
                .sorted(KnownAddress.BEST_FIRST)
                .map(KnownAddress::known)
                .toList();
    }

    /** One entry for each source of an address, in the order in which the addresses came. */
    List<Known> all() {
        return addresses.values().stream()
                .flatMap(known -> known.all().stream())
                .toList();
    }
}
