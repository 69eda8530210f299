package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;

/** Two hosts that dial each other at the same time, the case that the rule was made for. */
class MutualDialTest {
    /** The number of rounds for each of the four pairs of hosts. */
    private static final int ROUNDS = 250;

    /**
     * The longest pause between the two dials; the rounds take these values in turn. A connection on loopback takes one
     * to three milliseconds, so the short pauses produce every order of the four events. With the longest one, the
     * first handshake has mostly completed before the second dial.
     */
    private static final int[] MAX_DELAY_MICROS = {0, 500, 3_000, 50_000};

    private static final long SEED = 20240229;

    /**
     * The dialer has its connection first. The listener learns of the muxer from the first data that the dialer sends.
     */
    private static final HostConfig EARLY = HostConfig.defaults();

    /** The listener has its connection first. The dialer waits until the listener has confirmed the muxer. */
    private static final HostConfig WAITING =
            HostConfig.defaults().with(HostConfig.PIPELINING, false).with(HostConfig.EARLY_MUXER_NEGOTIATION, false);

    /** SEC-G1, SEC-G2: 1,000 rounds in which either end of either connection may be first. */
    @Test
    @Timeout(300)
    @Conforms("NIF-16")
    void completesExactlyOnceOnEachSide() throws Exception {
        List<Callable<long[]>> pairs = List.of(
                () -> dialEachOther(EARLY, EARLY, SEED),
                () -> dialEachOther(WAITING, WAITING, SEED + 1),
                () -> dialEachOther(EARLY, WAITING, SEED + 2),
                () -> dialEachOther(WAITING, EARLY, SEED + 3));
        ExecutorService threads = Executors.newFixedThreadPool(pairs.size());
        try {
            List<long[]> micros = new ArrayList<>();
            for (Future<long[]> done : threads.invokeAll(pairs)) {
                micros.add(done.get());
            }

            long[] all = micros.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            assertThat(all).hasSize(pairs.size() * ROUNDS);
            print("both early", micros.get(0));
            print("both waiting", micros.get(1));
            print(
                    "one of each",
                    LongStream.concat(Arrays.stream(micros.get(2)), Arrays.stream(micros.get(3)))
                            .toArray());
            print("all", all);
        } finally {
            threads.shutdownNow();
        }
    }

    /** For each round, the microseconds from the first dial to the later of the two completions. */
    private static long[] dialEachOther(HostConfig ones, HostConfig twos, long seed) throws Exception {
        Random random = new Random(seed);
        long[] micros = new long[ROUNDS];
        try (Node one = Node.start(ones);
                Node two = Node.start(twos)) {
            for (int round = 0; round < ROUNDS; round++) {
                int maxDelay = MAX_DELAY_MICROS[round % MAX_DELAY_MICROS.length];
                Node first = random.nextBoolean() ? one : two;
                Node second = first == one ? two : one;

                long start = System.nanoTime();
                CompletableFuture<Connection> there = first.startDialing(second.host);
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(maxDelay + 1)));
                CompletableFuture<Connection> back = second.startDialing(first.host);

                assertThat(first.next(Completed.class).peerId()).isEqualTo(second.id());
                assertThat(second.next(Completed.class).peerId()).isEqualTo(first.id());
                micros[round] = (Math.max(first.completedAt(), second.completedAt()) - start) / 1_000;
                var unusedThere = Node.get(there);
                var unusedBack = Node.get(back);
                Node.eventually(
                        "not both connections",
                        () -> first.host.connections(second.id()).size() == 2
                                && second.host.connections(first.id()).size() == 2);
                first.disconnect();
                second.awaitNoPeers();
                assertThat(first.events).as("round %s", round).isEmpty();
                assertThat(second.events).as("round %s", round).isEmpty();
            }
        }
        return micros;
    }

    private static void print(String what, long[] micros) {
        long[] sorted = Arrays.stream(micros).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "mutual dials: %s: %,d of %,d completed once on each side; first dial to last Completed p50 %.1f ms, p90 %.1f ms, "
                        + "p99 %.1f ms, max %.1f ms%n",
                what,
                sorted.length,
                sorted.length,
                percentile(sorted, 50),
                percentile(sorted, 90),
                percentile(sorted, 99),
                percentile(sorted, 100));
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)] / 1e3;
    }

    /** Dials that the host may reduce to one connection. One end may see a connection that the other end has closed. */
    @Test
    void completesExactlyOnceOnEachSideWhenTheHostsSettleForOneConnection() throws Exception {
        try (Node one = Node.start();
                Node two = Node.start()) {
            for (int round = 0; round < 100; round++) {
                CompletableFuture<Connection> there =
                        one.host.dial(two.host.addresses().get(0));
                CompletableFuture<Connection> back =
                        two.host.dial(one.host.addresses().get(0));

                assertThat(one.next(Completed.class).peerId()).isEqualTo(two.id());
                assertThat(two.next(Completed.class).peerId()).isEqualTo(one.id());
                var unusedThere = Node.get(there);
                var unusedBack = Node.get(back);
                Node.disconnect(one, two);
                assertThat(one.events).as("round %s", round).isEmpty();
                assertThat(two.events).as("round %s", round).isEmpty();
            }
        }
    }
}
