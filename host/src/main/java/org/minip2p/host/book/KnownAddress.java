package org.minip2p.host.book;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.InvalidMultiaddrException;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

/** One address of a peer, and its time of expiry for each source. Confined to its book's lock. */
final class KnownAddress {
    static final long FOREVER = Long.MAX_VALUE;

    /** The overhead of objects besides the texts, which an address has twice, as on the heap of a 64-bit JVM. */
    private static final int ENTRY_BYTES = 200;

    private static final int COMPONENT_BYTES = 96;

    /** Best first: by source, then by reach, then by age. */
    static final Comparator<KnownAddress> BEST_FIRST = Comparator.comparing(KnownAddress::best)
            .thenComparing(KnownAddress::isToldAndLocal)
            .thenComparing(known -> known.renewed, Comparator.reverseOrder());

    /** Which address is dropped first when there are too many: the application's addresses are dropped last. */
    static final Comparator<KnownAddress> WORST_FIRST = Comparator.<KnownAddress, Boolean>comparing(
                    known -> known.isFrom(Source.APPLICATION))
            .thenComparing(BEST_FIRST.reversed());

    /** An entry of a source.
     *
     * @param source which
     * @param until when it expires, in milliseconds since 1970
     * @param lasting how long it is kept after the last connection, in milliseconds
     */
    private record Word(Source source, long until, long lasting) {}

    /** As on the wire: a fifth of the memory of the parsed address. */
    private final byte[] address;

    private final boolean isLocal;
    final long bytes;

    /** One for each of its sources, the best source first; usually one. */
    private List<Word> words = List.of();

    private long renewed;

    KnownAddress(Multiaddr address) {
        this.address = address.bytes();
        this.isLocal = Reach.isLocal(address);
        this.bytes = bytes(address);
    }

    Multiaddr address() {
        try {
            return Multiaddr.decode(address);
        } catch (InvalidMultiaddrException e) {
            throw new IllegalStateException("the bytes of an address do not make it", e);
        }
    }

    boolean isOf(byte[] other) {
        return Arrays.equals(address, other);
    }

    private static long bytes(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        long text = components.stream().mapToLong(part -> part.value().length()).sum();
        return ENTRY_BYTES + (long) COMPONENT_BYTES * components.size() + 2 * text;
    }

    /**
     * Adds or renews the entry of a source.
     *
     * @param end until when, in milliseconds since 1970, or {@link #FOREVER}
     * @param lasting how long after a connection, in milliseconds
     * @param now a number that grows with each change
     */
    void say(Source source, long end, long lasting, long now) {
        List<Word> said = new ArrayList<>(words);
        Word before = word(source);
        if (before == null) {
            said.add(new Word(source, end, lasting));
            said.sort(Comparator.comparing(Word::source));
        } else {
            Word longer = new Word(source, Math.max(before.until, end), Math.max(before.lasting, lasting));
            said.set(said.indexOf(before), longer);
        }
        words = List.copyOf(said);
        renewed = now;
    }

    /** Removes a source. */
    void unsay(Source source) {
        keepIf(word -> word.source != source);
    }

    /** Forgets expired entries. */
    void expire(long nowMillis) {
        keepIf(word -> word.until > nowMillis);
    }

    private void keepIf(Predicate<Word> isKept) {
        if (!words.stream().allMatch(isKept)) {
            words = words.stream().filter(isKept).toList();
        }
    }

    /** Starts the times to live now. */
    void renew(long nowMillis) {
        words = words.stream()
                .map(word -> new Word(word.source, Math.max(word.until, end(nowMillis, word.lasting)), word.lasting))
                .toList();
    }

    /** The time after this delay; at most {@link #FOREVER}. */
    static long end(long nowMillis, long lastingMillis) {
        long end = nowMillis + lastingMillis;
        return end < nowMillis ? FOREVER : end;
    }

    boolean isFrom(Source source) {
        return word(source) != null;
    }

    boolean isUnsaid() {
        return words.isEmpty();
    }

    private @Nullable Word word(Source source) {
        for (Word word : words) {
            if (word.source == source) {
                return word;
            }
        }
        return null;
    }

    private boolean isToldAndLocal() {
        return best() == Source.IDENTIFY && isLocal;
    }

    /** An address without a source is not kept, so there is at least one. */
    private Source best() {
        return words.get(0).source;
    }

    /** The entry of each source, the best source first. */
    List<Known> all() {
        return words.stream().map(this::known).toList();
    }

    Known known() {
        return all().get(0);
    }

    private Known known(Word word) {
        return new Known(
                address(),
                word.source,
                word.until == FOREVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(word.until)));
    }
}
