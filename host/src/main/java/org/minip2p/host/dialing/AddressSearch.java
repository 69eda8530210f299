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
 * Finds the sockets behind the addresses of one dial: literal ones at once, names as there is a place to look them up, and the addresses
 * that a {@code /dnsaddr} stands for as if the caller had named them.
 *
 * <p>Whoever writes the records of a name decides how many there are and where they lead: a dial asks for no more than {@value
 * #MAX_DNSADDRS} names of that kind, {@value #MAX_DEPTH} behind one another, and takes {@link DialTarget#MAX_ADDRESSES} addresses from
 * them.
 *
 * <p>Confined to the host's peer executor.
 */
final class AddressSearch {
    /** Look-ups that hang cannot be ended: one dial holds no more of the host's threads. */
    private static final int MAX_LOOK_UPS = 8;

    /** As rust-libp2p. */
    private static final int MAX_DNSADDRS = 32;

    /** As go-libp2p. */
    private static final int MAX_DEPTH = 4;

    /** Told of each address, once. */
    interface Outcome {
        /** An address stands for sockets. */
        void found(List<Candidate> candidates, boolean isResting);

        /** It stands for none. */
        void failed(Throwable cause);
    }

    /**
     * An address that is to be looked up.
     *
     * @param named by the caller of the dial
     * @param address where it has led so far
     * @param depth through how many {@code /dnsaddr}
     * @param isResting whether it failed a moment ago
     */
    private record Lead(Multiaddr named, Multiaddr address, int depth, boolean isResting) {}

    private final DialTarget target;
    private final DialSockets sockets;
    private final Predicate<Multiaddr> isResting;
    private final Executor peerExecutor;
    private final Outcome outcome;

    /** Addresses that need no look-up, found when all that came with them are counted. */
    private final Deque<Lead> literals = new ArrayDeque<>();

    /** Names that nobody has been asked for yet. */
    private final Deque<Lead> unasked = new ArrayDeque<>();

    /** Each address is followed once, so records that lead to themselves end. */
    private final Set<Multiaddr> seen = new HashSet<>();

    private int pending;
    private boolean isStopped;
    private int lookUps;
    private int dnsaddrs;
    private int foundLeft = DialTarget.MAX_ADDRESSES;

    /**
     * Nothing is asked yet.
     *
     * @param target whose addresses these are
     * @param sockets knows who looks them up
     * @param isResting whether an address failed a moment ago
     * @param peerExecutor where all of it happens
     * @param outcome told what comes of each
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

    /** Whether every address has been told of. */
    boolean isOver() {
        return pending == 0;
    }

    /** Asks for nothing more. */
    void stop() {
        isStopped = true;
        literals.clear();
        unasked.clear();
    }

    /** Why an address is not followed, if that is worth telling. */
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

    /** A name may list many peers: where one is wanted, only what ends in that one counts. */
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
        if (!leadsOn) { // those that it leads to tell
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
