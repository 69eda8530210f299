package org.minip2p.host.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

/** The parts of the limits of inbound streams. The tests of the protocols show the limits at work. */
class InboundQuotaTest {
    private static final PeerId ONE = newPeer();
    private static final PeerId OTHER = newPeer();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void refusesMoreThanTheLimitAtOnceForEachPeerAlone() {
        InboundQuota quota = new InboundQuota(2, InboundQuota.ANY_NUMBER, 0, now::get);

        assertThat(quota.tryTake(ONE)).isTrue();
        assertThat(quota.tryTake(ONE)).isTrue();
        assertThat(quota.tryTake(ONE)).isFalse();
        assertThat(quota.tryTake(OTHER)).isTrue();
        quota.release(ONE);
        assertThat(quota.tryTake(ONE)).isTrue();
    }

    @Test
    void keepsNothingOfAPeerWithoutStreams() {
        InboundQuota quota = new InboundQuota(2, InboundQuota.ANY_NUMBER, 0, now::get);

        for (int i = 0; i < 100; i++) {
            quota.tryTake(ONE);
            quota.release(ONE);
        }

        assertThat(quota.size()).isZero();
    }

    @Test
    void refusesMoreThanTheLimitInAWindow() {
        InboundQuota quota = new InboundQuota(2, 3, 10, now::get);

        for (int i = 0; i < 3; i++) {
            assertThat(quota.tryTake(ONE)).isTrue();
            quota.release(ONE);
        }

        assertThat(quota.tryTake(ONE)).isFalse();
        now.addAndGet(10);
        assertThat(quota.tryTake(ONE)).isTrue();
    }

    @Test
    void forgetsAPeerThatIsGone() {
        InboundQuota quota = new InboundQuota(2, 3, 10, now::get);
        quota.tryTake(ONE);

        quota.forget(ONE);
        assertThat(quota.size()).isEqualTo(1);
        quota.release(ONE);

        assertThat(quota.size()).isZero();
    }

    private static PeerId newPeer() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }
}
