package org.minip2p.handshake;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Host;

/**
 * Our own side, supplied by the application: our own node info, requested for each exchange (NIF-31), and the accepted networks,
 * requested when a request or a response has been read (NIF-34). The suppliers are called one after the other on the application's
 * executor, so that blocking code stops only exchanges. Thread-safe.
 */
final class OwnSide {
    /**
     * What we send in one exchange.
     *
     * @param info the node info
     * @param envelope the info in a signed envelope; must not be changed
     * @param asks the count of the application's asks when the info was read
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sealed(NodeInfo info, byte[] envelope, long asks) {}

    /**
     * Our answer to a request and the networks to check it with, read together.
     *
     * @param own our answer
     * @param accepted the networks that are accepted; not empty
     */
    record Side(Sealed own, Set<String> accepted) {}

    private final Supplier<NodeInfo> info;
    private final Optional<Supplier<Set<String>>> accepted;
    private final Host host;
    private final SerialCalls calls;
    private final AtomicLong asks = new AtomicLong();
    private final AtomicBoolean isLate = new AtomicBoolean();

    /** Signed only after a change, since a signature costs more than everything else. Confined to the calls. */
    private @Nullable Sealed last;

    /**
     * Creates our own side.
     *
     * @param info our own node info now
     * @param accepted supplies the networks that are accepted now; empty for our own network
     * @param host signs it
     * @param executor the application's
     */
    OwnSide(Supplier<NodeInfo> info, Optional<Supplier<Set<String>>> accepted, Host host, Executor executor) {
        this.info = info;
        this.accepted = accepted;
        this.host = host;
        this.calls = new SerialCalls(executor);
    }

    /** Counts an ask of the application: info that is read from now on is newer. */
    long countAsk() {
        return asks.incrementAndGet();
    }

    /** Our current info; fails with {@link LocalFaultException}. Cancelling it withdraws the question. */
    CompletableFuture<Sealed> info() {
        return calls.call("our own node info", this::seal);
    }

    /** The networks that are accepted now; fails as {@link #info}. */
    CompletableFuture<Set<String>> accepted() {
        return calls.call("the accepted networks", this::acceptedNow);
    }

    /** Both now; fails as {@link #info}. */
    CompletableFuture<Side> side() {
        return calls.call("our own node info and the accepted networks", () -> {
            Sealed own = seal();
            return new Side(own, accepted.isEmpty() ? Set.of(own.info.networkId()) : acceptedNow());
        });
    }

    /** Whether no question has been late since the last answer, so that lateness is logged once. */
    boolean isFirstLate() {
        return isLate.compareAndSet(false, true);
    }

    /** How many questions wait. */
    int waiting() {
        return calls.waiting();
    }

    private Sealed seal() {
        long count = asks.get();
        NodeInfo now = info.get();
        isLate.set(false);
        Sealed known = last;
        if (known == null || !known.info.equals(now)) {
            known = new Sealed(now, now.seal(host), count);
        } else if (known.asks != count) {
            known = new Sealed(now, known.envelope, count);
        }
        last = known;
        return known;
    }

    private Set<String> acceptedNow() {
        if (accepted.isEmpty()) {
            return Set.of(info.get().networkId());
        }
        Set<String> networks = Set.copyOf(accepted.get().get());
        if (networks.isEmpty()) {
            throw new IllegalStateException("no network is accepted: every peer would be refused");
        }
        return networks;
    }
}
