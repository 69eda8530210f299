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
 * Where peers are known to be: what {@link Host#dial(PeerId)} and {@link Host#keepConnected} try. The application fills it, the host adds
 * the addresses at which its dials have reached a peer, and Identify adds what a peer says of itself.
 *
 * <p>A host has one in memory unless {@link HostBuilder#addressBookFile} or {@link HostBuilder#addressBook} gives it another. That of the
 * host is bounded, for each peer and in all, in addresses and in bytes: what Identify alone told goes first, what the application added
 * last, and of two alike the one that was added or renewed longest ago.
 *
 * <p>An implementation is thread-safe. The host calls it on the thread on which it decides on connections, so nothing but {@link #flush}
 * may block. What it throws there is logged, and counts as knowing nothing.
 */
public interface AddressBook {
    /** Who said that a peer is at an address; the best comes first. */
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

        /** How long an address of this source is kept after it was said last and the last connection to the peer; empty: for ever. */
        public Optional<Duration> timeToLive() {
            return Optional.ofNullable(timeToLive);
        }
    }

    /**
     * An address of a peer.
     *
     * @param address without the peer id at its end
     * @param source the best of those who said so
     * @param until when this source's word goes out of date, if the peer is not connected then; empty for never
     */
    record Known(Multiaddr address, Source source, Optional<Instant> until) {}

    /**
     * What is known of a peer, best first: where dials have reached it, what the application added, what Identify told. Among the last,
     * private, loopback and link-local addresses come behind all others. Of two alike the newest comes first.
     *
     * @return empty when nothing is known
     */
    List<Known> known(PeerId peer);

    /** The addresses of a peer, in the order of {@link #known}. */
    default List<Multiaddr> addresses(PeerId peer) {
        return known(peer).stream().map(Known::address).toList();
    }

    /** The peers of whom something is known, in no order. */
    List<PeerId> peers();

    /**
     * Adds an address for good.
     *
     * @param address with or without the peer at its end
     * @throws IllegalArgumentException when it ends in another peer
     */
    void add(PeerId peer, Multiaddr address);

    /**
     * Adds an address for a while. One that was added for longer, or for good, stays so.
     *
     * @param address with or without the peer at its end
     * @param timeToLive how long it is kept, from now or from the end of the last connection to the peer
     * @throws IllegalArgumentException when the address ends in another peer, or the time is not positive
     */
    void add(PeerId peer, Multiaddr address, Duration timeToLive);

    /**
     * A dial has reached the peer there. The host says this.
     *
     * @throws IllegalArgumentException when the address ends in another peer
     */
    void dialed(PeerId peer, Multiaddr address);

    /**
     * What the peer says of itself, which takes the place of what it said before. Only addresses that can be dialed are kept, and no more
     * than a few.
     *
     * @param addresses nothing of them is believed; those that end in another peer are left out
     */
    void identified(PeerId peer, List<Multiaddr> addresses);

    /** There is a connection to the peer: nothing that is known of it goes out of date. The host says this. */
    default void connected(PeerId peer) {
        Objects.requireNonNull(peer, "peer");
    }

    /** The last connection to the peer has ended: times to live count from now. The host says this. */
    default void disconnected(PeerId peer) {
        Objects.requireNonNull(peer, "peer");
    }

    /** Forgets one address, whoever said it. Whether it was known. */
    boolean remove(PeerId peer, Multiaddr address);

    /** Forgets a peer. Whether anything was known of it. */
    boolean forget(PeerId peer);

    /**
     * Writes what has changed to where it is kept, if it is kept anywhere. The host calls this on a thread of its own every half minute,
     * and when it closes; a failure is logged and tried again.
     *
     * @throws IOException when it cannot be written
     */
    default void flush() throws IOException {}
}
