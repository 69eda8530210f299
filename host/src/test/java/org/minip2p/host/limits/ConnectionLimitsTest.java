package org.minip2p.host.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.limits.ConnectionLimits.Max;
import org.minip2p.host.limits.ConnectionLimits.Place;

// H4
class ConnectionLimitsTest {
    private static final SocketAddress LOOPBACK = at("127.0.0.1");
    private final List<String> ended = new ArrayList<>();

    private static SocketAddress at(String address) {
        return new InetSocketAddress(address, 4001);
    }

    private long now;

    private ConnectionLimits limits(Max max) {
        return new ConnectionLimits(max, ConnectionLimits::byAddress, ConnectionLimits::byNetwork, () -> now);
    }

    private Place accept(ConnectionLimits limits, String name, SocketAddress remote) throws ConnectionDeniedException {
        return limits.accept(remote, () -> ended.add(name));
    }

    @Test
    void theOldestOfAnAddressGoesWhenThatHasTooManyThatAreNotConnections() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 100, 2, 100, 100));
        accept(limits, "first", LOOPBACK);
        accept(limits, "second", LOOPBACK).upgraded();
        accept(limits, "other", at("127.0.0.2"));
        accept(limits, "third", LOOPBACK);
        now += 999_999_999;
        accept(limits, "fourth", LOOPBACK);
        assertThat(ended).as("none, because all are young").isEmpty();
        now++;

        accept(limits, "fifth", LOOPBACK);
        accept(limits, "sixth", LOOPBACK);

        assertThat(ended).containsExactly("first", "third");
        assertThat(limits.pending()).isEqualTo(4);
        assertThat(limits.total()).isEqualTo(5);
    }

    @Test
    void leavesRoomForOneMoreHoweverManyAddressesTakeAllThatTheyGet() throws Exception {
        for (int addresses : new int[] {16, 200, 900}) {
            ConnectionLimits limits = limits(new Max(1024, 64, 16, 64, 256));
            for (int i = 0; i < 64 * addresses; i++) {
                SocketAddress from = at("192.0." + i % addresses / 250 + "." + i % addresses % 250);
                try {
                    accept(limits, "attacker", from).upgraded();
                } catch (ConnectionDeniedException greedy) {
                    assertThat(greedy).hasMessageContaining("places left");
                }
            }

            accept(limits, "newcomer", at("198.51.100.1")).upgraded();
        }
    }

    @Test
    void leavesRoomForOneMoreHoweverManyNetworksTakeAllThatTheyGet() throws Exception {
        ConnectionLimits limits = limits(new Max(1024, 64, 16, 64, 256));
        for (int i = 0; i < 256 * 8; i++) {
            try {
                accept(limits, "attacker", at("2001:db8:" + i % 8 + ":" + Integer.toHexString(256 * (i / 8)) + "::1"))
                        .upgraded();
            } catch (ConnectionDeniedException greedy) {
                assertThat(greedy).hasMessageContaining("this network has");
            }
        }

        accept(limits, "newcomer", at("2001:db9::1")).upgraded();
    }

    @Test
    void theOldestOfTheAddressThatHasMostGoesWhenTooManyAreNotConnections() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 4, 100, 100, 100));
        accept(limits, "a1", at("192.0.2.1"));
        accept(limits, "b1", at("192.0.2.2"));
        Place b2 = accept(limits, "b2", at("192.0.2.2"));
        accept(limits, "b3", at("192.0.2.2"));

        accept(limits, "c1", at("192.0.2.3"));
        assertThat(ended).containsExactly("b1");
        b2.release();
        accept(limits, "d1", at("192.0.2.4"));
        assertThat(ended).as("only the first one, because there was room").containsExactly("b1");
        accept(limits, "e1", at("192.0.2.5"));

        assertThat(ended).as("the oldest one, because each address has one").containsExactly("b1", "a1");
        assertThat(limits.pending()).isEqualTo(4);
    }

    @Test
    void aFullHouseMakesRoomForWhoComesAndNotAtTheCostOfConnections() throws Exception {
        ConnectionLimits limits = limits(new Max(3, 10, 10, 10, 10));
        accept(limits, "one", LOOPBACK).upgraded();
        accept(limits, "silent", LOOPBACK);
        accept(limits, "two", LOOPBACK).upgraded();

        accept(limits, "three", LOOPBACK).upgraded();

        assertThat(ended).containsExactly("silent");
        assertThatThrownBy(() -> accept(limits, "four", LOOPBACK))
                .isInstanceOf(ConnectionDeniedException.class)
                .hasMessageContaining("there are 3 of 3");
        assertThat(limits.total()).isEqualTo(3);
    }

    /**
     * SEC-H15: without descriptors, the host ends a socket at once if its address has several. It ends the only socket
     * of an address only when that is a second old.
     */
    @Test
    void newcomersDoNotEndEachOtherWhenThereIsNoDescriptor() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 100, 16, 100, 100));
        assertThat(limits.makeRoom()).as("room without any socket").isFalse();
        accept(limits, "connection", at("127.0.0.3")).upgraded();
        accept(limits, "newcomer", at("127.0.0.2"));
        assertThat(limits.makeRoom()).as("room at the cost of a young socket").isFalse();
        accept(limits, "first of many", LOOPBACK);
        accept(limits, "second of many", LOOPBACK);

        assertThat(limits.makeRoom()).isTrue();
        assertThat(limits.makeRoom()).as("room: both left are alone and young").isFalse();
        now += 1_000_000_000;
        assertThat(limits.makeRoom()).isTrue();
        assertThat(limits.makeRoom()).isTrue();
        assertThat(limits.makeRoom()).as("room at the cost of a connection").isFalse();

        assertThat(ended).containsExactly("first of many", "newcomer", "second of many");
        assertThat(limits.total()).isEqualTo(1);
    }

    @Test
    void acceptedAndDialedSocketsDoNotTakeEachOthersPlaces() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 2, 100, 100, 100));
        Place dialed = Objects.requireNonNull(limits.dial(LOOPBACK));
        assertThat(limits.dial(LOOPBACK)).isNotNull();
        assertThat(limits.dial(LOOPBACK)).as("a place for a third dial").isNull();

        accept(limits, "in", LOOPBACK);
        accept(limits, "in too", LOOPBACK);
        assertThat(ended).isEmpty();
        dialed.upgraded();

        assertThat(limits.dial(LOOPBACK)).isNotNull();
        assertThat(limits.pending()).isEqualTo(4);
    }

    @Test
    void aPartOfAllPlacesIsKeptForDials() throws Exception {
        ConnectionLimits limits = limits(new Max(32, 100, 100, 100, 100));
        for (int i = 0; i < 30; i++) {
            accept(limits, "in", LOOPBACK).upgraded();
        }
        assertThatThrownBy(() -> accept(limits, "one more", LOOPBACK)).isInstanceOf(ConnectionDeniedException.class);

        assertThat(limits.dial(LOOPBACK)).isNotNull();
        assertThat(limits.dial(LOOPBACK)).isNotNull();
        assertThatThrownBy(() -> limits.dial(LOOPBACK)).isInstanceOf(ConnectionDeniedException.class);
    }

    @Test
    void countsAddressesAndNetworksAndGivesThemBack() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 1000, 1000, 2, 3));
        accept(limits, "a", at("2001:db8:1:0::1")).upgraded();
        Place second = accept(limits, "b", at("2001:db8:1:ff::2"));
        second.upgraded();
        assertThatThrownBy(() -> accept(limits, "c", at("2001:db8:1:1::3"))).hasMessageContaining("this address");
        accept(limits, "d", at("2001:db8:1:100::1")).upgraded();
        assertThatThrownBy(() -> accept(limits, "e", at("2001:db8:1:200::1"))).hasMessageContaining("this network");
        accept(limits, "f", at("2001:db8:2::1")).upgraded();

        second.release();
        second.release();
        second.upgraded();

        accept(limits, "g", at("2001:db8:1:1::3"));
        assertThat(limits.total()).isEqualTo(4);
        assertThat(limits.pending()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            accept(limits, "free", LOOPBACK).upgraded();
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void aSocketThatCannotBeEndedCostsNoPlace() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 1, 1, 1000, 1000));
        limits.accept(LOOPBACK, () -> {
            throw new IllegalStateException("its event loop has ended");
        });

        assertThatThrownBy(() -> accept(limits, "second", LOOPBACK)).isInstanceOf(IllegalStateException.class);

        assertThat(limits.total()).isZero();
        assertThat(limits.pending()).isZero();
    }

    @Test
    void whoHasMadeRoomGivesNothingBackASecondTime() throws Exception {
        ConnectionLimits limits = limits(new Max(1000, 1, 1, 1000, 1000));
        Place first = accept(limits, "first", LOOPBACK);
        accept(limits, "second", LOOPBACK);
        assertThat(ended).containsExactly("first");

        first.upgraded();
        first.release();

        assertThat(limits.total()).isEqualTo(1);
        assertThat(limits.pending()).isEqualTo(1);
    }
}
