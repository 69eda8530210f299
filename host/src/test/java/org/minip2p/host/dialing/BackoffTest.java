package org.minip2p.host.dialing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.failure;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.Host;
import org.minip2p.host.HostTest;
import org.minip2p.host.Hosts;

/** SEC-G15. */
class BackoffTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NOW = -SECOND;
    private static final Multiaddr HERE = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr THERE = Multiaddr.parse("/ip4/192.0.2.2/tcp/4001");

    private final PeerId peer = someone();
    private final PeerId other = someone();
    private final Backoff backoff = new Backoff(new SplittableRandom()::nextDouble);

    @Test
    void restsAnAddressOfAPeerAndNoOther() {
        backoff.failed(peer, HERE, NOW);

        assertThat(backoff.isActive(peer, HERE, NOW)).isTrue();
        assertThat(backoff.isActive(peer, THERE, NOW)).isFalse();
        assertThat(backoff.isActive(other, HERE, NOW)).isFalse();
        assertThat(backoff.isActive(peer, HERE, NOW + 2 * SECOND)).isFalse();
    }

    @Test
    void restsLongerWithEachFailureUpToFiveMinutes() {
        long now = NOW;
        long before = 0;
        for (int i = 0; i < 40; i++) {
            backoff.failed(peer, HERE, now);
            long rest = restOf(peer, now);
            assertThat(rest).isBetween((long) (before * 1.2), 360 * SECOND);
            before = Math.min(rest, 180 * SECOND);
            now += rest;
        }
        assertThat(restOf(peer, now - 1)).isLessThanOrEqualTo(1);
    }

    @Test
    void restsDifferentlyLong() {
        long distinct = LongStream.range(0, 20)
                .map(i -> {
                    PeerId someone = someone();
                    backoff.failed(someone, HERE, NOW);
                    return restOf(someone, NOW);
                })
                .distinct()
                .count();

        assertThat(distinct).isGreaterThan(10);
    }

    @Test
    void forgetsAPeerThatWasReached() {
        backoff.failed(peer, HERE, NOW);
        backoff.failed(peer, THERE, NOW);
        backoff.failed(other, HERE, NOW);

        backoff.succeeded(peer);

        assertThat(backoff.isActive(peer, HERE, NOW)).isFalse();
        assertThat(backoff.isActive(peer, THERE, NOW)).isFalse();
        assertThat(backoff.isActive(other, HERE, NOW)).isTrue();
    }

    @Test
    void remembersAThousandAndForgetsTheOldest() {
        backoff.failed(peer, HERE, NOW);
        for (int i = 0; i < 1024; i++) {
            backoff.failed(other, Multiaddr.parse("/ip4/192.0.2.3/tcp/" + (i + 1)), NOW);
        }

        assertThat(backoff.size(NOW)).isEqualTo(1024);
        assertThat(backoff.size(peer, NOW)).isZero();
        assertThat(backoff.size(other, NOW)).isEqualTo(1024);

        assertThat(backoff.isActive(peer, HERE, NOW)).isFalse();
        assertThat(backoff.isActive(other, Multiaddr.parse("/ip4/192.0.2.3/tcp/1"), NOW))
                .isTrue();
    }

    @Test
    void forgetsAnAddressTenMinutesAfterItsLastFailure() {
        backoff.failed(peer, HERE, NOW);
        backoff.failed(peer, THERE, NOW + 300 * SECOND);
        backoff.failed(peer, HERE, NOW + 599 * SECOND);

        assertThat(backoff.size(NOW + 899 * SECOND)).isEqualTo(2);
        assertThat(backoff.size(NOW + 900 * SECOND)).isEqualTo(1);
        assertThat(backoff.size(peer, NOW + 1_198 * SECOND)).isEqualTo(1);
        assertThat(backoff.size(NOW + 1_199 * SECOND)).isZero();
    }

    /** The address rests for about a second, as if it had never failed before. */
    @Test
    void anAddressThatIsForgottenRestsAsForItsFirstFailure() {
        for (int i = 0; i < 10; i++) {
            backoff.failed(peer, HERE, NOW);
        }
        assertThat(restOf(peer, NOW)).isGreaterThan(100 * SECOND);

        backoff.failed(peer, HERE, NOW + 600 * SECOND);

        assertThat(restOf(peer, NOW + 600 * SECOND)).isLessThanOrEqualTo((long) (1.2 * SECOND));
    }

    /**
     * A dead address comes last while there is a better one. A dial to it alone goes through, and an inbound connection
     * clears it.
     */
    @Test
    void keepsNoPeerFromBeingReached() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host gone = hosts.listener();
            Multiaddr dead = address(gone).withoutPeerId();
            await(gone.closeAsync());
            Host server = hosts.listener();
            Host client = hosts.listener();
            Multiaddr deadOfServer = dead.withPeerId(server.peerId());

            assertThat(failure(client.dial(deadOfServer))).isInstanceOf(DialFailedException.class);
            Connection connection = await(client.dial(server.peerId(), List.of(deadOfServer, address(server))));

            assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
        }
    }

    private long restOf(PeerId someone, long now) {
        long low = 0;
        long high = 400 * SECOND;
        while (low < high) {
            long middle = (low + high) / 2;
            if (backoff.isActive(someone, HERE, now + middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static PeerId someone() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }
}
