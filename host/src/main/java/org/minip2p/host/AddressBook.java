package org.minip2p.host;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * The known addresses of peers, which {@link Host#dial(PeerId)} and {@link Host#keepConnected} try. The application fills it, the host
 * adds the addresses at which its dials have reached a peer, and Identify adds the addresses that a peer announces.
 *
 * <p>A host has one in memory unless {@link HostBuilder#addressBookFile} or {@link HostBuilder#addressBook} gives it another. The host's
 * own book is bounded, for each peer and in total, in addresses and in bytes. It drops addresses that are known only from Identify first,
 * and addresses that the application added last; among equals, it drops the one that was added or renewed longest ago.
 *
 * <p>An implementation is thread-safe. The host calls it on the thread on which it decides on connections, so only {@link #flush} may
 * block. If it throws there, the exception is logged and the host continues as if the book were empty.
 */
public interface AddressBook {
    /** Where an address of a peer comes from; the best source is first. */
    enum Source {
        /** A dial of this host has reached the peer there. */
        DIALED(Duration.ofDays(7)),
        /** The application. */
        APPLICATION(null),
        /** The peer itself, by Identify. */
        IDENTIFY(Duration.ofHours(1));

        private final @Nullable Duration timeToLive;

        Source(@Nullable Duration timeToLive) {
            this.timeToLive = timeToLive;
        }

        /**
         * {@return how long an address from this source is kept after its last renewal and after the last connection to the peer; empty for
         * no limit}
         */
        public Optional<Duration> timeToLive() {
            return Optional.ofNullable(timeToLive);
        }
    }

    /**
     * An address of a peer.
     *
     * @param address without the peer id at its end
     * @param source the best of its sources
     * @param until when the address expires, unless the peer is connected then; empty for never
     */
    record Known(Multiaddr address, Source source, Optional<Instant> until) {}

    /**
     * The known addresses of a peer, best first: those at which dials have reached it, those that the application added, those from
     * Identify. Among the last, private, loopback and link-local addresses come after all others. Among equals, the newest comes first.
     *
     * @param peer the peer
     * @return empty when nothing is known
     */
    List<Known> known(PeerId peer);

    /**
     * {@return the addresses of a peer, in the order of {@link #known}}
     *
     * @param peer the peer
     */
    default List<Multiaddr> addresses(PeerId peer) {
        return known(peer).stream().map(Known::address).toList();
    }

    /** {@return the peers that have an address, in no order} */
    List<PeerId> peers();

    /**
     * Adds an address without a time limit.
     *
     * @param peer the peer
     * @param address with or without the peer at its end
     * @throws IllegalArgumentException when it ends in another peer
     */
    void add(PeerId peer, Multiaddr address);

    /**
     * Adds an address for a limited time. This never shortens the time of an address that was added before.
     *
     * @param peer the peer
     * @param address with or without the peer at its end
     * @param timeToLive how long it is kept, from now or from the end of the last connection to the peer
     * @throws IllegalArgumentException when the address ends in another peer, or the time is not positive
     */
    void add(PeerId peer, Multiaddr address, Duration timeToLive);

    /**
     * A dial has reached the peer at this address. Called by the host.
     *
     * @param peer the peer
     * @param address the address
     * @throws IllegalArgumentException when the address ends in another peer
     */
    void dialed(PeerId peer, Multiaddr address);

    /**
     * Sets the addresses that the peer announces, which replace those that it announced before. Only dialable addresses are kept, and
     * only a few.
     *
     * @param peer the peer
     * @param addresses untrusted; addresses that end in another peer are left out
     */
    void identified(PeerId peer, List<Multiaddr> addresses);

    /**
     * There is a connection to the peer, so its addresses do not expire. Called by the host.
     *
     * @param peer the peer
     */
    default void connected(PeerId peer) {
        Objects.requireNonNull(peer, "peer");
    }

    /**
     * The last connection to the peer has ended, so times to live start now. Called by the host.
     *
     * @param peer the peer
     */
    default void disconnected(PeerId peer) {
        Objects.requireNonNull(peer, "peer");
    }

    /**
     * Forgets one address, from any source.
     *
     * @param peer the peer
     * @param address the address
     * @return whether it was known
     */
    boolean remove(PeerId peer, Multiaddr address);

    /**
     * Forgets a peer.
     *
     * @param peer the peer
     * @return whether it was known
     */
    boolean forget(PeerId peer);

    /**
     * Writes changes to persistent storage, if there is any. The host calls this on a separate thread every half minute, and when it
     * closes; a failure is logged and tried again.
     *
     * @throws IOException when it cannot be written
     */
    default void flush() throws IOException {}
}
