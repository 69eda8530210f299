package org.minip2p.host.book;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

/** One address of a peer, and until when each source's word for it counts. Confined to its book's lock. */
final class KnownAddress {
    static final long FOREVER = Long.MAX_VALUE;

    /** What objects cost beside the texts, which an address has twice: about what a heap of a 64-bit JVM takes. */
    private static final int ENTRY_BYTES = 200;

    private static final int COMPONENT_BYTES = 96;

    /** Best first: the source, then whether it means anything elsewhere, then the age. */
    static final Comparator<KnownAddress> BEST_FIRST = Comparator.comparing(KnownAddress::best)
            .thenComparing(KnownAddress::isToldAndLocal)
            .thenComparing(known -> known.renewed, Comparator.reverseOrder());

    /** Who goes first when there are too many: the application's word counts most here, whatever else has been tried. */
    static final Comparator<KnownAddress> WORST_FIRST = Comparator.<KnownAddress, Boolean>comparing(
                    known -> known.isFrom(Source.APPLICATION))
            .thenComparing(BEST_FIRST.reversed());

    /**
     * What a source says.
     *
     * @param until when it goes out of date, in milliseconds since 1970
     * @param lasting how long it counts behind the last connection, in milliseconds
     */
    private record Word(long until, long lasting) {}

    final Multiaddr address;
    final boolean isLocal;
    final long bytes;

    private final Map<Source, Word> words = new EnumMap<>(Source.class);
    private long renewed;

    KnownAddress(Multiaddr address) {
        this.address = address;
        this.isLocal = Reach.isLocal(address);
        this.bytes = bytes(address);
    }

    private static long bytes(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        long text = components.stream().mapToLong(part -> part.value().length()).sum();
        return ENTRY_BYTES + (long) COMPONENT_BYTES * components.size() + 2 * text;
    }

    /**
     * A source says it, maybe again.
     *
     * @param end until when, in milliseconds since 1970, or {@link #FOREVER}
     * @param lasting for how long behind a connection, in milliseconds
     * @param now a number that grows with each change
     */
    void say(Source source, long end, long lasting, long now) {
        words.merge(
                source,
                new Word(end, lasting),
                (one, other) -> new Word(Math.max(one.until, other.until), Math.max(one.lasting, other.lasting)));
        renewed = now;
    }

    /** A source does not say it any more. */
    void unsay(Source source) {
        words.remove(source);
    }

    /** Forgets what is out of date. */
    void expire(long nowMillis) {
        words.values().removeIf(word -> word.until <= nowMillis);
    }

    /** Times to live count from now. */
    void renew(long nowMillis) {
        words.replaceAll((source, word) -> new Word(Math.max(word.until, end(nowMillis, word.lasting)), word.lasting));
    }

    /** A moment that far away; never beyond {@link #FOREVER}. */
    static long end(long nowMillis, long lastingMillis) {
        long end = nowMillis + lastingMillis;
        return end < nowMillis ? FOREVER : end;
    }

    boolean isFrom(Source source) {
        return words.containsKey(source);
    }

    boolean isUnsaid() {
        return words.isEmpty();
    }

    private boolean isToldAndLocal() {
        return best() == Source.IDENTIFY && isLocal;
    }

    /** Somebody has said it: an address that nobody says any more is not kept. */
    private Source best() {
        return words.keySet().iterator().next();
    }

    /** What each source says, the best one first. */
    List<Known> all() {
        return words.entrySet().stream()
                .map(entry -> known(entry.getKey(), entry.getValue()))
                .toList();
    }

    Known known() {
        return all().get(0);
    }

    private Known known(Source source, Word word) {
        return new Known(
                address,
                source,
                word.until == FOREVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(word.until)));
    }
}
