package org.minip2p.host.dialing;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.DnsaddrResolver;
import org.minip2p.transport.UnsupportedAddressException;

/**
 * Finds the socket addresses for the addresses of one dial: literal ones at once, names when a look-up slot is free, and the addresses
 * of a {@code /dnsaddr} as if the caller had given them.
 *
 * <p>The owner of a name decides how many records there are and where they lead. So a dial looks up at most {@value #MAX_DNSADDRS}
 * names of that kind, at most {@value #MAX_DEPTH} levels deep, and takes at most {@link DialTarget#MAX_ADDRESSES} addresses from them.
 *
 * <p>Confined to the host's peer executor.
 */
final class AddressSearch {
    /** Look-ups that hang cannot be cancelled: one dial uses at most this many of the host's threads. */
    private static final int MAX_LOOK_UPS = 8;

    /** As in rust-libp2p. */
    private static final int MAX_DNSADDRS = 32;

    /** As in go-libp2p. */
    private static final int MAX_DEPTH = 4;

    /** Receives the result of each address, once. */
    interface Outcome {
        /** An address has led to socket addresses. */
        void found(List<Candidate> candidates, boolean isResting);

        /** It has led to none. */
        void failed(Throwable cause);
    }

    /**
     * An address to look up.
     *
     * @param named the address that the caller of the dial gave
     * @param address the address to which it has led so far
     * @param depth the number of {@code /dnsaddr} look-ups so far
     * @param isResting whether it has failed recently
     */
    private record Lead(Multiaddr named, Multiaddr address, int depth, boolean isResting) {}

    private final DialTarget target;
    private final DialSockets sockets;
    private final Predicate<Multiaddr> isResting;
    private final Executor peerExecutor;
    private final Outcome outcome;

    /** Addresses that need no look-up, processed when all addresses of the same record set are counted. */
    private final Deque<Lead> literals = new ArrayDeque<>();

    /** Names that are not looked up yet. */
    private final Deque<Lead> unasked = new ArrayDeque<>();

    /** Each address is followed once, so records that lead to themselves end. */
    private final Set<Multiaddr> seen = new HashSet<>();

    private int pending;
    private boolean isStopped;
    private int lookUps;
    private int dnsaddrs;
    private int foundLeft = DialTarget.MAX_ADDRESSES;

    /**
     * Creates a search; no look-up has started.
     *
     * @param target the peer and addresses of the dial
     * @param sockets has the resolvers
     * @param isResting whether an address has failed recently
     * @param peerExecutor where the search runs
     * @param outcome receives the results
     */
    AddressSearch(
            DialTarget target,
            DialSockets sockets,
            Predicate<Multiaddr> isResting,
            Executor peerExecutor,
            Outcome outcome) {
        this.target = target;
        this.sockets = sockets;
        this.isResting = isResting;
        this.peerExecutor = peerExecutor;
        this.outcome = outcome;
    }

    void start() {
        target.fresh().forEach(address -> followNamed(address, false));
        target.resting().forEach(address -> followNamed(address, true));
        goOn();
    }

    private void followNamed(Multiaddr address, boolean resting) {
        Throwable refusal = follow(new Lead(address, address, 0, resting));
        if (refusal != null) {
            pending++;
            peerExecutor.execute(() -> {
                pending--;
                outcome.failed(refusal);
            });
        }
    }

    /** Whether every address has a result. */
    boolean isOver() {
        return pending == 0;
    }

    /** Starts no further look-up. */
    void stop() {
        isStopped = true;
        literals.clear();
        unasked.clear();
    }

    /** Why an address is not followed, if that should be reported. */
    private @Nullable Throwable follow(Lead lead) {
        if (seen.contains(lead.address)) {
            return null;
        }
        if (DnsaddrResolver.isDnsaddr(lead.address)) {
            if (lead.depth == MAX_DEPTH) {
                return new UnsupportedAddressException(
                        lead.address, "no more than " + MAX_DEPTH + " behind one another");
            }
            if (dnsaddrs == MAX_DNSADDRS) {
                return new UnsupportedAddressException(lead.address, "no more than " + MAX_DNSADDRS + " in one dial");
            }
            dnsaddrs++;
        }
        seen.add(lead.address);
        pending++;
        (AddressResolver.isLiteral(lead.address) ? literals : unasked).add(lead);
        return null;
    }

    private void goOn() {
        Lead next;
        while (!isStopped && (next = literals.poll()) != null) {
            Lead lead = next;
            sockets.resolve(lead.address).whenComplete((found, failure) -> resolved(lead, found, failure));
        }
        while (!isStopped && lookUps < MAX_LOOK_UPS && (next = unasked.poll()) != null) {
            lookUps++;
            if (DnsaddrResolver.isDnsaddr(next.address)) {
                expand(next);
            } else {
                lookUp(next);
            }
        }
    }

    private void lookUp(Lead lead) {
        sockets.resolve(lead.address)
                .whenCompleteAsync(
                        (found, failure) -> {
                            lookUps--;
                            resolved(lead, found, failure);
                            goOn();
                        },
                        peerExecutor);
    }

    private void resolved(Lead lead, @Nullable List<InetSocketAddress> found, @Nullable Throwable failure) {
        pending--;
        if (failure != null) {
            outcome.failed(failure);
        } else if (found != null) {
            outcome.found(
                    found.stream()
                            .map(socket -> new Candidate(lead.named, lead.address, socket))
                            .toList(),
                    lead.isResting);
        }
    }

    /** A name may list many peers: if one is expected, only addresses that end in it count. */
    private void expand(Lead lead) {
        Multiaddr asked = target.peer() == null ? lead.address : lead.address.withPeerId(target.peer());
        sockets.expand(asked).whenCompleteAsync((found, failure) -> expanded(lead, found, failure), peerExecutor);
    }

    private void expanded(Lead lead, @Nullable List<Multiaddr> found, @Nullable Throwable failure) {
        int before = pending;
        Throwable cause = failure;
        for (Multiaddr each : found == null ? List.<Multiaddr>of() : found) {
            Throwable refusal = followFound(lead, each);
            cause = cause == null ? refusal : cause;
        }
        boolean leadsOn = pending > before;
        pending--;
        lookUps--;
        if (!leadsOn) { // the addresses that it leads to report instead
            outcome.failed(
                    cause != null
                            ? cause
                            : new UnsupportedAddressException(
                                    lead.address, "addresses that are not being tried already"));
        }
        goOn();
    }

    private @Nullable Throwable followFound(Lead from, Multiaddr address) {
        UnsupportedAddressException refusal =
                AddressResolver.undialable(address).orElse(null);
        if (refusal != null || foundLeft == 0) {
            return refusal;
        }
        foundLeft--;
        return follow(new Lead(from.named, address, from.depth + 1, isResting.test(address)));
    }
}
