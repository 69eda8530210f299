package org.minip2p.host.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.book.Peers.ANNA;
import static org.minip2p.host.book.Peers.BERT;
import static org.minip2p.host.book.Peers.at;
import static org.minip2p.host.book.Peers.many;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

class MemoryAddressBookTest {
    private static final Multiaddr FAR = at("/ip4/198.51.100.7/tcp/4001");
    private static final Multiaddr OTHER = at("/dns4/example.org/tcp/4001");
    private static final Multiaddr LOOPBACK = at("/ip4/127.0.0.1/tcp/4001");
    private static final Duration DIALED = Source.DIALED.timeToLive().orElseThrow();
    private static final Duration IDENTIFY = Source.IDENTIFY.timeToLive().orElseThrow();

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final MemoryAddressBook book = book(BookLimits.STANDARD);

    private MemoryAddressBook book(BookLimits limits) {
        return new MemoryAddressBook(() -> now, limits);
    }

    @Test
    void whatWorkedComesFirstThenTheApplicationsThenWhatThePeerSaysAndThereTheLocalOnesLast() {
        Multiaddr privateOne = at("/ip4/10.1.2.3/tcp/4001");
        Multiaddr worked = at("/ip4/192.168.1.2/tcp/4001");
        Multiaddr added = at("/ip6/::1/tcp/4001");
        book.identified(ANNA, List.of(LOOPBACK, privateOne, FAR, OTHER));
        book.add(ANNA, added);
        book.dialed(ANNA, worked);

        assertThat(book.addresses(ANNA)).containsExactly(worked, added, FAR, OTHER, LOOPBACK, privateOne);
        assertThat(book.known(ANNA))
                .extracting(Known::source)
                .containsExactly(
                        Source.DIALED,
                        Source.APPLICATION,
                        Source.IDENTIFY,
                        Source.IDENTIFY,
                        Source.IDENTIFY,
                        Source.IDENTIFY);
        assertThat(book.addresses(BERT)).isEmpty();
    }

    @Test
    void whatWorkedLastComesBeforeWhatWorkedEarlier() {
        book.dialed(ANNA, FAR);
        book.dialed(ANNA, OTHER);
        assertThat(book.addresses(ANNA)).containsExactly(OTHER, FAR);

        book.dialed(ANNA, FAR);

        assertThat(book.addresses(ANNA)).containsExactly(FAR, OTHER);
    }

    @Test
    void eachSourcesWordGoesOutOfDateInItsOwnTime() {
        book.add(ANNA, FAR, Duration.ofMinutes(5));
        book.identified(ANNA, List.of(FAR));
        book.dialed(ANNA, FAR);
        book.add(BERT, OTHER);
        assertThat(book.known(ANNA)).containsExactly(new Known(FAR, Source.DIALED, Optional.of(now.plus(DIALED))));

        now = now.plus(DIALED).minusMillis(1);
        assertThat(book.addresses(ANNA)).containsExactly(FAR);

        now = now.plusMillis(1);
        assertThat(book.addresses(ANNA)).isEmpty();
        assertThat(book.peers()).containsExactly(BERT);
        assertThat(book.known(BERT).get(0).until()).isEmpty();
        assertThat(book.size()).isEqualTo(1);
    }

    @Test
    void nothingOfAConnectedPeerGoesOutOfDateAndTimeCountsFromItsLoss() {
        book.identified(ANNA, List.of(FAR));
        book.connected(ANNA);
        now = now.plus(Duration.ofDays(100));
        assertThat(book.addresses(ANNA)).containsExactly(FAR);

        book.disconnected(ANNA);
        now = now.plus(IDENTIFY).minusMillis(1);
        assertThat(book.addresses(ANNA)).containsExactly(FAR);

        now = now.plusMillis(1);
        assertThat(book.addresses(ANNA)).isEmpty();
    }

    @Test
    void aPeerThatIsKnownOnlyAfterItHasConnectedIsConnectedAllTheSame() {
        book.connected(ANNA);
        book.identified(ANNA, List.of(FAR));
        now = now.plus(Duration.ofDays(100));

        assertThat(book.addresses(ANNA)).containsExactly(FAR);
    }

    @Test
    void whatAPeerSaysTakesThePlaceOfWhatItSaidAndOfNothingElse() {
        book.identified(ANNA, List.of(FAR, OTHER));
        book.dialed(ANNA, OTHER);

        book.identified(ANNA, List.of(LOOPBACK));

        assertThat(book.addresses(ANNA)).containsExactly(OTHER, LOOPBACK);
    }

    @Test
    void tenThousandLiesTakeTheRoomOfAFewAndHideNothing() {
        List<Multiaddr> lies = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            lies.add(at("/ip4/10." + i / 250 + ".0." + i % 250 + "/tcp/1"));
            lies.add(at("/ip4/198.51.0." + i % 250 + "/udp/" + (i + 1) + "/quic-v1"));
            lies.add(at("/ip4/198.51.0." + i % 250 + "/tcp/" + (i + 1) + "/p2p/" + BERT));
            lies.add(at("/ip6zone/eth" + i + "/ip6/fe80::1/tcp/1"));
        }
        lies.add(at("/ip4/0.0.0.0/tcp/1"));
        lies.add(FAR.withPeerId(ANNA));
        book.add(ANNA, OTHER);

        book.identified(ANNA, lies);

        assertThat(lies).hasSizeGreaterThan(10_000);
        assertThat(book.addresses(ANNA))
                .hasSize(33)
                .startsWith(OTHER, FAR)
                .allMatch(address -> address.equals(OTHER) || address.equals(FAR) || Reach.isLocal(address));
        book.identified(ANNA, many(10_000));
        assertThat(book.addresses(ANNA)).hasSize(33).doesNotContain(FAR);
        assertThat(book.bytes()).isLessThan(33 * 1000);
    }

    @Test
    void ofOnePeerTheApplicationsAddressesGoLastAndTheOldestOfEachKindFirst() {
        MemoryAddressBook small = book(new BookLimits(3, 10_000, 100, 100_000));
        List<Multiaddr> some = many(5);
        small.add(ANNA, some.get(0));
        small.identified(ANNA, List.of(some.get(1)));
        small.dialed(ANNA, some.get(2));

        small.dialed(ANNA, some.get(3));
        assertThat(small.addresses(ANNA)).containsExactly(some.get(3), some.get(2), some.get(0));
        small.dialed(ANNA, some.get(4));
        assertThat(small.addresses(ANNA)).containsExactly(some.get(4), some.get(3), some.get(0));
        small.identified(ANNA, List.of(some.get(1)));
        assertThat(small.addresses(ANNA)).containsExactly(some.get(4), some.get(3), some.get(0));
    }

    @Test
    void aLongAddressIsNotKeptAtTheCostOfAllOthers() {
        MemoryAddressBook small = book(new BookLimits(10, 3_000, 100, 100_000));
        small.add(ANNA, FAR);

        small.add(ANNA, at("/dns4/" + "a".repeat(60) + "/tcp/1/http-path/" + "c".repeat(2_000)));

        assertThat(small.addresses(ANNA)).containsExactly(FAR);
    }

    @Test
    void whenTheBookIsFullThosePeersGoFirstOfWhomLeastIsSure() {
        MemoryAddressBook small = book(new BookLimits(4, 10_000, 4, 100_000));
        PeerId added = Peers.next();
        PeerId dialed = Peers.next();
        PeerId connected = Peers.next();
        PeerId told = Peers.next();
        small.add(added, FAR);
        small.dialed(dialed, FAR);
        small.identified(connected, List.of(FAR));
        small.connected(connected);
        small.identified(told, List.of(FAR));

        small.identified(ANNA, List.of(FAR));
        assertThat(small.peers()).containsExactlyInAnyOrder(added, dialed, connected, ANNA);
        small.dialed(BERT, FAR);
        assertThat(small.peers()).containsExactlyInAnyOrder(added, dialed, connected, BERT);
        small.add(ANNA, FAR);
        assertThat(small.peers()).containsExactlyInAnyOrder(added, dialed, BERT, ANNA);
        small.add(told, FAR);
        small.add(told, OTHER);
        assertThat(small.peers()).containsExactlyInAnyOrder(added, told, ANNA);
        small.add(told, LOOPBACK);
        small.add(told, at("/ip4/127.0.0.1/tcp/2"));
        assertThat(small.peers()).containsExactly(told);
    }

    @Test
    void staysWithinItsMemoryWhoeverComes() {
        MemoryAddressBook small = book(new BookLimits(64, 10_000, 1_000, 100_000));
        List<Multiaddr> lies = many(1_000);

        for (int i = 0; i < 300; i++) {
            small.identified(Peers.next(), lies);
        }
        assertThat(small.bytes()).isBetween(50_000L, 100_000L);
        assertThat(small.size()).isLessThanOrEqualTo(1_000);

        small.peers().forEach(small::forget);
        assertThat(small.bytes()).isZero();
        assertThat(small.size()).isZero();
    }

    @Test
    void forgetsWhatItIsToldTo() {
        book.add(ANNA, FAR.withPeerId(ANNA));
        book.add(ANNA, OTHER);

        assertThat(book.remove(ANNA, FAR)).isTrue();
        assertThat(book.remove(ANNA, FAR)).isFalse();
        assertThat(book.remove(BERT, FAR)).isFalse();
        assertThat(book.addresses(ANNA)).containsExactly(OTHER);
        assertThat(book.forget(ANNA)).isTrue();
        assertThat(book.forget(ANNA)).isFalse();
        assertThat(book.peers()).isEmpty();
    }

    @Test
    void anAddressThatWasAddedForGoodStaysSo() {
        book.add(ANNA, FAR);
        book.add(ANNA, FAR, Duration.ofSeconds(1));
        book.add(BERT, FAR, Duration.ofSeconds(Long.MAX_VALUE));
        now = now.plus(Duration.ofDays(10_000));

        assertThat(book.addresses(ANNA)).containsExactly(FAR);
        assertThat(book.addresses(BERT)).containsExactly(FAR);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatMakesNoSense() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> book.add(ANNA, FAR, none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(none.toString());
        }
        assertThatThrownBy(() -> book.add(ANNA, FAR.withPeerId(BERT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(BERT.toString());
        assertThatThrownBy(() -> book.add(null, FAR)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> book.add(ANNA, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> book.identified(ANNA, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> book.known(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> book.forget(null)).isInstanceOf(NullPointerException.class);
        assertThat(book.peers()).isEmpty();
    }
}
