package org.minip2p.host.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;
import org.minip2p.host.KeptConnection;
import org.minip2p.host.KeptConnection.State;

/** Delays and turns in virtual time. No peer can be reached in these tests. */
class KeptPeersTest {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final ManualIoEventLoop executor =
            new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
    private final Random random = new Random(7);
    private final Map<PeerId, Integer> attempts = new LinkedHashMap<>();
    private final List<CompletableFuture<Connection>> dials = new ArrayList<>();
    private final Set<PeerId> spared = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private Instant wall = Instant.parse("2026-01-02T03:04:05Z");
    private int most;

    private final KeptPeers kept = new KeptPeers(
            new KeptPeers.Network() {
                @Override
                public @Nullable Connection live(PeerId peer) {
                    return null;
                }

                @Override
                public CompletableFuture<Connection> dial(PeerId peer) {
                    attempts.merge(peer, 1, Integer::sum);
                    CompletableFuture<Connection> dial = new CompletableFuture<>();
                    dials.add(dial);
                    most = Math.max(most, dials.size());
                    return dial;
                }

                @Override
                public void spare(PeerId peer, boolean isSpared) {
                    if (isSpared) {
                        assertThat(spared.add(peer)).isTrue();
                    } else {
                        assertThat(spared.remove(peer)).isTrue();
                    }
                }

                @Override
                public void tell(PeerId peer, Runnable task) {
                    task.run();
                }
            },
            executor,
            () -> wall,
            () -> new ReconnectDelays(Duration.ofSeconds(1), LONGEST, random::nextDouble));

    private List<KeptConnection> keep(int count) throws Exception {
        List<KeptConnection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PeerId peer = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
            all.add(kept.keep(peer, (one, state) -> told.add(state.getClass().getSimpleName())));
        }
        return all;
    }

    /** Runs until nothing is left to do at this time. All dials fail. */
    private void run() {
        do {
            executor.runNow();
            List<CompletableFuture<Connection>> failing = List.copyOf(dials);
            dials.clear();
            failing.forEach(dial -> dial.completeExceptionally(new IOException("nobody there")));
        } while (executor.runNow() > 0 || !dials.isEmpty());
    }

    private void pass(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        wall = wall.plus(time);
        run();
    }

    @Test
    void dialsFewAtATimeHoweverManyAreWanted() throws Exception {
        keep(200);

        executor.runNow();
        assertThat(spared).hasSize(200);
        assertThat(dials).hasSize(KeptPeers.MAX_DIALS);
        run();

        assertThat(most).isEqualTo(KeptPeers.MAX_DIALS);
        assertThat(attempts)
                .hasSize(200)
                .allSatisfy((peer, count) -> assertThat(count).isOne());
    }

    @Test
    void attemptsGetRarerButNeverEnd() throws Exception {
        KeptConnection one = keep(1).get(0);
        run();
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(attempts.get(one.peer())).isBetween(5, 9);

        for (int i = 0; i < 100; i++) {
            pass(LONGEST);
        }
        assertThat(attempts.get(one.peer())).isGreaterThan(100);
        assertThat(one.state()).isInstanceOfSatisfying(State.Waiting.class, waiting -> {
            assertThat(waiting.failures()).isEqualTo(attempts.get(one.peer()));
            assertThat(waiting.nextAttempt()).isBetween(wall, wall.plus(LONGEST));
            assertThat(waiting.cause()).isPresent();
        });
        assertThat(told).containsExactly("Connecting", "Waiting");
    }

    /** The machine was asleep, so every timer is due at once. */
    @Test
    void aClockThatJumpsAheadCostsOneAttemptEach() throws Exception {
        keep(100);
        run();
        for (int i = 0; i < 120; i++) {
            pass(Duration.ofSeconds(1));
        }
        Map<PeerId, Integer> before = new LinkedHashMap<>(attempts);
        most = 0;

        pass(Duration.ofHours(10));

        assertThat(most).isEqualTo(KeptPeers.MAX_DIALS);
        assertThat(attempts).allSatisfy((peer, count) -> assertThat(count).isEqualTo(before.getOrDefault(peer, 0) + 1));
        pass(LONGEST);
        assertThat(attempts).allSatisfy((peer, count) -> assertThat(count).isEqualTo(before.getOrDefault(peer, 0) + 2));
    }

    @Test
    void aWallClockThatIsSetChangesNoWait() throws Exception {
        KeptConnection one = keep(1).get(0);
        run();
        wall = wall.minus(Duration.ofDays(1000));
        run();
        assertThat(attempts.get(one.peer())).isOne();

        pass(Duration.ofSeconds(2));

        assertThat(attempts.get(one.peer())).isEqualTo(2);
    }

    @Test
    void whatIsClosedIsDialedNoMoreAndLeavesNothing() throws Exception {
        List<KeptConnection> all = keep(40);
        executor.runNow();
        CompletableFuture<Connection> underWay = dials.get(0);
        all.forEach(KeptConnection::close);
        run();
        assertThat(underWay).isCancelled();
        assertThat(attempts).hasSize(KeptPeers.MAX_DIALS);

        pass(LONGEST);

        assertThat(attempts).hasSize(KeptPeers.MAX_DIALS);
        assertThat(all).allMatch(one -> one.state() instanceof State.Closed);
        assertThat(told).filteredOn("Closed"::equals).hasSize(40);
        assertThat(spared).isEmpty();
        keep(KeptPeers.MAX_DIALS);
        executor.runNow();
        assertThat(dials).hasSize(KeptPeers.MAX_DIALS);
    }

    @Test
    void closedBeforeItsTurnItIsToldSoAndNothingElse() throws Exception {
        keep(1).get(0).close();
        run();

        assertThat(told).containsExactly("Closed");
        assertThat(attempts).isEmpty();
    }

    @Test
    void itsEndEndsAllThatIsKept() throws Exception {
        List<KeptConnection> all = keep(40);
        executor.runNow();
        kept.close();
        all.get(0).close();
        all.add(keep(1).get(0));
        run();
        pass(LONGEST);

        assertThat(all).allMatch(one -> one.state() instanceof State.Closed);
        assertThat(told).filteredOn("Closed"::equals).hasSize(41);
        assertThat(attempts).hasSize(KeptPeers.MAX_DIALS);
    }
}
