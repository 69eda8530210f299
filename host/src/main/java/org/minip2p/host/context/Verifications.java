package org.minip2p.host.context;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PublicKey;

/**
 * Checks signatures of connected peers. Slow ones are checked on the host's threads for identity proofs: one at a time for each peer, at
 * a limited rate, and only while the peer has a connection. Thread-safe.
 */
final class Verifications {
    /** The most signatures of one peer that are being checked or wait. */
    private static final int MAX_WAITING = 8;

    /**
     * A peer's node info on two connections, requested, answered and repeated, takes a quarter of it; with P-521 keys it costs a tenth of
     * a second.
     */
    static final int MAX_PER_WINDOW = 30;

    static final Duration WINDOW = Duration.ofSeconds(10);

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Check(PublicKey key, byte[] message, byte[] signature, CompletableFuture<Boolean> result) {
        void run() {
            if (result.isDone()) {
                return; // its caller no longer waits
            }
            try {
                result.complete(key.verify(message, signature));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }
    }

    private final Executor verifier;
    private final Predicate<PeerId> isConnected;
    private final InboundQuota quota;

    /** For each peer, the checks that wait for a running one. */
    private final Map<PeerId, ArrayDeque<Check>> waiting = new HashMap<>(); // guarded by itself

    /**
     * Creates the checks.
     *
     * @param verifier runs slow checks
     * @param isConnected whether there is a connection to a peer; {@link #forget} follows after its last one
     * @param nanoTime the clock
     */
    Verifications(Executor verifier, Predicate<PeerId> isConnected, LongSupplier nanoTime) {
        this.verifier = verifier;
        this.isConnected = isConnected;
        this.quota = new InboundQuota(MAX_WAITING, MAX_PER_WINDOW, WINDOW.toNanos(), nanoTime);
    }

    /** As {@link org.minip2p.host.ProtocolContext#verify} says. */
    CompletableFuture<Boolean> verify(PublicKey key, byte[] message, byte[] signature) {
        if (key.type() == KeyType.ED25519) {
            return CompletableFuture.completedFuture(key.verify(message, signature));
        }
        PeerId peer = PeerId.of(key);
        if (!quota.tryTake(peer)) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("peer " + peer + " has " + MAX_WAITING
                    + " signatures waiting, or has had " + MAX_PER_WINDOW + " checked within " + WINDOW));
        }
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        result.whenComplete((isGood, failure) -> quota.release(peer));
        if (!isConnected.test(peer)) {
            // Checked after the slot is taken: a peer that disconnects later is forgotten later.
            result.completeExceptionally(
                    new RejectedExecutionException("there is no connection to the signer " + peer));
            quota.forget(peer);
            return result;
        }
        enqueue(peer, new Check(key, message, signature, result));
        return result;
    }

    private void enqueue(PeerId peer, Check check) {
        synchronized (waiting) {
            ArrayDeque<Check> queue = waiting.get(peer);
            if (queue != null) {
                queue.add(check);
                return;
            }
            waiting.put(peer, new ArrayDeque<>());
        }
        start(peer, check);
    }

    /** One task per check, so that those of other peers can run in between. */
    private void start(PeerId peer, Check first) {
        for (Check check = first; check != null; check = next(peer)) {
            Check next = check;
            try {
                verifier.execute(() -> {
                    next.run();
                    Check following = next(peer);
                    if (following != null) {
                        start(peer, following);
                    }
                });
                return;
            } catch (RejectedExecutionException e) {
                next.result.completeExceptionally(e);
            }
        }
    }

    private @Nullable Check next(PeerId peer) {
        synchronized (waiting) {
            ArrayDeque<Check> queue = waiting.get(peer);
            Check next = queue == null ? null : queue.poll();
            if (next == null) {
                waiting.remove(peer);
            }
            return next;
        }
    }

    /** The last connection to a peer has closed. */
    void forget(PeerId peer) {
        quota.forget(peer);
    }

    /** Of how many peers something is kept. */
    int size() {
        return quota.size();
    }
}
