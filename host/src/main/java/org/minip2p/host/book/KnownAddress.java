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
     * @param source which
     * @param until when it goes out of date, in milliseconds since 1970
     * @param lasting how long it counts behind the last connection, in milliseconds
     */
    private record Word(Source source, long until, long lasting) {}

    /** As on the wire: a fifth of what the parsed address takes. */
    private final byte[] address;

    private final boolean isLocal;
    final long bytes;

    /** One for each source that says it, the best source first; most of the time one. */
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
     * A source says it, maybe again.
     *
     * @param end until when, in milliseconds since 1970, or {@link #FOREVER}
     * @param lasting for how long behind a connection, in milliseconds
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

    /** A source does not say it any more. */
    void unsay(Source source) {
        keepIf(word -> word.source != source);
    }

    /** Forgets what is out of date. */
    void expire(long nowMillis) {
        keepIf(word -> word.until > nowMillis);
    }

    private void keepIf(Predicate<Word> isKept) {
        if (!words.stream().allMatch(isKept)) {
            words = words.stream().filter(isKept).toList();
        }
    }

    /** Times to live count from now. */
    void renew(long nowMillis) {
        words = words.stream()
                .map(word -> new Word(word.source, Math.max(word.until, end(nowMillis, word.lasting)), word.lasting))
                .toList();
    }

    /** A moment that far away; never beyond {@link #FOREVER}. */
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

    /** Somebody has said it: an address that nobody says any more is not kept. */
    private Source best() {
        return words.get(0).source;
    }

    /** What each source says, the best one first. */
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
