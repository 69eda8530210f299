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
 * What the application says of our side: our own node info, asked for each exchange (NIF-31), and the networks that are accepted, asked
 * when a request or a response has been read (NIF-34). Asked one after the other on the application's executor, so that code that blocks
 * stops exchanges and nothing else. Thread-safe.
 */
final class OwnSide {
    /**
     * What we say in one exchange.
     *
     * @param info the node info
     * @param envelope it in a signed envelope; not to be changed
     * @param asks how often the application had asked for exchanges when this was read
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sealed(NodeInfo info, byte[] envelope, long asks) {}

    /**
     * What a request is answered with and judged by, of one moment.
     *
     * @param own what we say
     * @param accepted the networks that are accepted; not empty
     */
    record Side(Sealed own, Set<String> accepted) {}

    private final Supplier<NodeInfo> info;
    private final Optional<Supplier<Set<String>>> accepted;
    private final Host host;
    private final SerialCalls calls;
    private final AtomicLong asks = new AtomicLong();
    private final AtomicBoolean isLate = new AtomicBoolean();

    /** Signed when it is other than the last time, since a signature costs more than all the rest. Confined to the calls. */
    private @Nullable Sealed last;

    /**
     * The application's side.
     *
     * @param info our own node info now
     * @param accepted the networks that are accepted now; our own when there is none
     * @param host signs it
     * @param executor the application's
     */
    OwnSide(Supplier<NodeInfo> info, Optional<Supplier<Set<String>>> accepted, Host host, Executor executor) {
        this.info = info;
        this.accepted = accepted;
        this.host = host;
        this.calls = new SerialCalls(executor);
    }

    /** Counts one more ask of the application: what is read from now on is newer. */
    long countAsk() {
        return asks.incrementAndGet();
    }

    /** What we say now; fails with {@link LocalFaultException}. Cancelling it takes the question back. */
    CompletableFuture<Sealed> info() {
        return calls.call("our own node info", this::seal);
    }

    /** What is accepted now; fails as {@link #info}. */
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

    /** Whether no question has been late since one was answered: so that it is logged once. */
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
