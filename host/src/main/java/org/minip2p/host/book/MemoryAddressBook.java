package org.minip2p.host.book;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.AddressBook;
import org.minip2p.transport.AddressResolver;

/** A book in memory, within limits. Thread-safe: each method holds one lock, for a short time. */
public final class MemoryAddressBook implements AddressBook {
    /** The most addresses from the peer itself: as many as a dial tries. */
    private static final int MAX_IDENTIFIED = 32;

    private static final long SWEEP_MILLIS = 60_000;

    private final InstantSource clock;
    private final BookLimits limits;

    private final Map<PeerId, Place> places = new HashMap<>();

    /** The peers by their best source, the least recently changed first; each peer is in one of these. */
    private final Map<Source, Set<PeerId>> ages = new EnumMap<>(Source.class);

    /** Peers with a connection, with or without addresses: at most one for each connection of the host. */
    private final Set<PeerId> connected = new HashSet<>();

    /** The addresses of a peer, and its list in {@link #ages}. */
    private record Place(Source value, PeerAddresses known) {}

    private long sweptMillis;
    private long changes;
    private int addresses;
    private long bytes;

    /**
     * An empty book.
     *
     * @param clock the clock for the expiry of addresses
     */
    public MemoryAddressBook(InstantSource clock) {
        this(clock, BookLimits.STANDARD);
    }

    MemoryAddressBook(InstantSource clock, BookLimits limits) {
        this.clock = clock;
        this.limits = limits;
        for (Source source : Source.values()) {
            ages.put(source, new LinkedHashSet<>());
        }
    }

    @Override
    public synchronized List<Known> known(PeerId peer) {
        PeerAddresses known = find(Objects.requireNonNull(peer));
        return known == null ? List.of() : known.known();
    }

    @Override
    public synchronized List<PeerId> peers() {
        sweep(clock.millis());
        return List.copyOf(places.keySet());
    }

    @Override
    public void add(PeerId peer, Multiaddr address) {
        say(peer, own(peer, address), Source.APPLICATION, KnownAddress.FOREVER);
    }

    @Override
    public void add(PeerId peer, Multiaddr address, Duration timeToLive) {
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            throw new IllegalArgumentException("expected a time to live above zero, got " + timeToLive);
        }
        say(peer, own(peer, address), Source.APPLICATION, millis(timeToLive));
    }

    @Override
    public void dialed(PeerId peer, Multiaddr address) {
        say(peer, own(peer, address), Source.DIALED, timeToLive(Source.DIALED));
    }

    @Override
    public void identified(PeerId peer, List<Multiaddr> addresses) {
        List<Multiaddr> taken = dialable(peer, addresses);
        long lasting = timeToLive(Source.IDENTIFY);
        change(Objects.requireNonNull(peer), known -> {
            known.keepOnly(Source.IDENTIFY, taken);
            for (Multiaddr address : taken) {
                known.say(address, Source.IDENTIFY, until(lasting), lasting, changes);
            }
        });
    }

    /** Globally valid addresses first, so that a list full of others does not displace them. */
    private static List<Multiaddr> dialable(PeerId peer, List<Multiaddr> addresses) {
        Set<Multiaddr> far = new LinkedHashSet<>();
        Set<Multiaddr> local = new LinkedHashSet<>();
        for (Multiaddr address : addresses) {
            if (address.peerId().map(peer::equals).orElse(true)
                    && !Reach.hasZone(address)
                    && AddressResolver.undialable(address).isEmpty()) {
                Set<Multiaddr> kind = Reach.isLocal(address) ? local : far;
                if (kind.size() < MAX_IDENTIFIED) {
                    kind.add(address.withoutPeerId());
                }
            }
        }
        return Stream.concat(far.stream(), local.stream()).limit(MAX_IDENTIFIED).toList();
    }

    @Override
    public synchronized void connected(PeerId peer) {
        if (connected.add(Objects.requireNonNull(peer, "peer"))) {
            PeerAddresses known = find(peer);
            if (known != null) {
                known.connected();
            }
        }
    }

    @Override
    public synchronized void disconnected(PeerId peer) {
        if (connected.remove(Objects.requireNonNull(peer, "peer"))) {
            Place place = places.get(peer);
            if (place != null) {
                place.known.disconnected(clock.millis());
                changes++;
            }
        }
    }

    @Override
    public synchronized boolean remove(PeerId peer, Multiaddr address) {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(address, "address");
        PeerAddresses known = find(peer);
        if (known == null) {
            return false;
        }
        boolean[] removed = new boolean[1];
        change(peer, all -> removed[0] = all.remove(own(peer, address)));
        return removed[0];
    }

    @Override
    public synchronized boolean forget(PeerId peer) {
        changes++;
        return take(Objects.requireNonNull(peer));
    }

    // For the file

    /** All entries that have not expired, one for each source. */
    synchronized Map<PeerId, List<Known>> all() {
        sweep(clock.millis());
        Map<PeerId, List<Known>> all = new LinkedHashMap<>();
        places.forEach((peer, place) -> all.put(peer, place.known.all()));
        return all;
    }

    /** Restores entries of a file, except expired ones; limits their time to that of their source. */
    void restore(PeerId peer, Known word) {
        long now = clock.millis();
        long most = word.source().timeToLive().map(MemoryAddressBook::millis).orElse(KnownAddress.FOREVER);
        long said = word.until().map(Instant::toEpochMilli).orElse(KnownAddress.FOREVER);
        long until = Math.min(said, KnownAddress.end(now, most));
        if (until > now) {
            long lasting = word.source() != Source.APPLICATION || said == KnownAddress.FOREVER ? most : until - now;
            change(peer, known -> known.say(word.address(), word.source(), until, lasting, changes));
        }
    }

    /** A number that changes with each change of the book. */
    synchronized long changes() {
        return changes;
    }

    /** The number of addresses. */
    synchronized int size() {
        return addresses;
    }

    /** Their memory, in bytes. */
    synchronized long bytes() {
        return bytes;
    }

    // Changes

    private void say(PeerId peer, Multiaddr address, Source source, long lasting) {
        change(peer, known -> known.say(address, source, until(lasting), lasting, changes));
    }

    private long until(long lasting) {
        return KnownAddress.end(clock.millis(), lasting);
    }

    private synchronized void change(PeerId peer, Consumer<PeerAddresses> change) {
        PeerAddresses known = find(peer);
        take(peer);
        if (known == null) {
            known = new PeerAddresses(limits);
            if (connected.contains(peer)) {
                known.connected();
            }
        }
        changes++;
        change.accept(known);
        if (!known.isEmpty()) {
            put(peer, known);
        }
        makeRoom();
    }

    private @Nullable PeerAddresses find(PeerId peer) {
        Place place = places.get(peer);
        if (place == null) {
            return null;
        }
        expire(peer, place, clock.millis());
        return place.known.isEmpty() ? null : place.known;
    }

    private void expire(PeerId peer, Place place, long nowMillis) {
        PeerAddresses known = place.known;
        int before = known.size();
        long bytesBefore = known.bytes();
        known.expire(nowMillis);
        if (known.size() != before) {
            changes++;
            addresses -= before - known.size();
            bytes -= bytesBefore - known.bytes();
        }
        if (known.isEmpty()) {
            take(peer);
        } else if (known.value() != place.value) {
            take(peer);
            put(peer, known);
        }
    }

    /** Returns whether it was known. */
    private boolean take(PeerId peer) {
        Place place = places.remove(peer);
        if (place == null) {
            return false;
        }
        ages(place.value).remove(peer);
        addresses -= place.known.size();
        bytes -= place.known.bytes();
        return true;
    }

    private void put(PeerId peer, PeerAddresses known) {
        Place place = new Place(known.value(), known);
        places.put(peer, place);
        ages(place.value).add(peer);
        addresses += known.size();
        bytes += known.bytes();
    }

    private Set<PeerId> ages(Source value) {
        return Objects.requireNonNull(ages.get(value));
    }

    // Room

    private void makeRoom() {
        if (!isFull()) {
            return;
        }
        long now = clock.millis();
        if (Math.abs(now - sweptMillis) >= SWEEP_MILLIS) {
            sweep(now);
        }
        for (Source least : List.of(Source.IDENTIFY, Source.DIALED, Source.APPLICATION)) {
            Set<PeerId> candidates = ages(least);
            while (isFull() && !candidates.isEmpty()) {
                take(eldest(candidates));
            }
        }
    }

    private boolean isFull() {
        return addresses > limits.addresses() || bytes > limits.bytes();
    }

    /** The oldest peer that is not connected; connected ones come after all others. */
    private PeerId eldest(Set<PeerId> candidates) {
        int left = candidates.size();
        PeerId eldest = candidates.iterator().next();
        while (left-- > 0 && connected.contains(eldest)) {
            candidates.remove(eldest);
            candidates.add(eldest);
            eldest = candidates.iterator().next();
        }
        return eldest;
    }

    private void sweep(long nowMillis) {
        sweptMillis = nowMillis;
        List.copyOf(places.entrySet()).forEach(entry -> expire(entry.getKey(), entry.getValue(), nowMillis));
    }

    private static Multiaddr own(PeerId peer, Multiaddr address) {
        Objects.requireNonNull(peer);
        address.peerId().filter(other -> !other.equals(peer)).ifPresent(other -> {
            throw new IllegalArgumentException("expected an address of " + peer + ", got " + address);
        });
        return address.withoutPeerId();
    }

    private static long timeToLive(Source source) {
        return source.timeToLive().map(MemoryAddressBook::millis).orElse(KnownAddress.FOREVER);
    }

    private static long millis(Duration duration) {
        try {
            return Math.max(1, duration.toMillis());
        } catch (ArithmeticException e) {
            return KnownAddress.FOREVER; // longer than a long says
        }
    }
}
