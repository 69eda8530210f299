package org.minip2p.host.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

/** SEC-H9: slow signature checks run on another executor, and only a few of each peer. */
class VerificationsTest {
    private static final byte[] MESSAGE = new byte[300];
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ECDSA);
    private static final PrivateKey OTHER = PrivateKey.generate(KeyType.SECP256K1);
    private static final byte[] GOOD = KEY.sign(MESSAGE);

    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private boolean isConnected = true;
    private long now;
    private final Verifications verifications = new Verifications(elsewhere::add, peer -> isConnected, () -> now);

    private CompletableFuture<Boolean> verify(byte[] signature) {
        return verifications.verify(KEY.publicKey(), MESSAGE, signature);
    }

    private void runAll() {
        while (!elsewhere.isEmpty()) {
            elsewhere.remove().run();
        }
    }

    @Test
    void checksWhatIsQuickAtOnce() {
        PrivateKey quick = PrivateKey.generate(KeyType.ED25519);

        assertThat(verifications.verify(quick.publicKey(), MESSAGE, quick.sign(MESSAGE)))
                .isCompletedWithValue(true);
        assertThat(verifications.verify(quick.publicKey(), MESSAGE, new byte[64]))
                .isCompletedWithValue(false);
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void checksWhatTakesLongElsewhereOneAtATimeOfEachPeer() {
        CompletableFuture<Boolean> first = verify(GOOD);
        CompletableFuture<Boolean> second = verify(new byte[70]);
        CompletableFuture<Boolean> other = verifications.verify(OTHER.publicKey(), MESSAGE, OTHER.sign(MESSAGE));
        assertThat(elsewhere).hasSize(2);
        assertThat(first).isNotDone();

        elsewhere.remove().run();
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isNotDone();
        elsewhere.remove().run();
        assertThat(other).as("the other peer's check").isCompletedWithValue(true);
        runAll();

        assertThat(second).isCompletedWithValue(false);
    }

    @Test
    void refusesMoreThanAFewThatWaitAndMoreThanSomeInAWhile() {
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(verify(GOOD));
        }
        assertRefused(verify(GOOD));
        runAll();
        assertThat(waiting).allMatch(result -> result.getNow(false));

        for (int i = 8; i < Verifications.MAX_PER_WINDOW; i++) {
            CompletableFuture<Boolean> result = verify(GOOD);
            runAll();
            assertThat(result).isCompletedWithValue(true);
        }
        assertRefused(verify(GOOD));
        now += Verifications.WINDOW.toNanos();
        assertThat(verify(GOOD)).isNotDone();
        runAll();
    }

    @Test
    void keepsNothingOfAPeerThatIsGone() {
        CompletableFuture<Boolean> running = verify(GOOD);
        isConnected = false;
        verifications.forget(PeerId.of(KEY.publicKey()));
        runAll();
        assertThat(running).isCompletedWithValue(true);

        assertRefused(verify(GOOD));
        assertRefused(verifications.verify(OTHER.publicKey(), MESSAGE, new byte[1]));

        assertThat(verifications.size()).isZero();
    }

    @Test
    void checksNothingThatNobodyWaitsForAndGoesOnWithTheNext() {
        CompletableFuture<Boolean> first = verify(GOOD);
        CompletableFuture<Boolean> second = verify(GOOD);
        CompletableFuture<Boolean> third = verify(GOOD);
        second.cancel(false);

        runAll();

        assertThat(first).isCompletedWithValue(true);
        assertThat(third).isCompletedWithValue(true);
    }

    @Test
    void failsWhenTheHostHasEnded() {
        Verifications ended = new Verifications(
                task -> {
                    throw new RejectedExecutionException("as the test wants it");
                },
                peer -> true,
                () -> now);

        assertRefused(ended.verify(KEY.publicKey(), MESSAGE, GOOD));
    }

    private static void assertRefused(CompletableFuture<Boolean> result) {
        assertThat(result).isCompletedExceptionally();
        assertThat(result.handle((value, failure) -> failure).join()).isInstanceOf(RejectedExecutionException.class);
    }
}
