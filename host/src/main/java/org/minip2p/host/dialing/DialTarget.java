package org.minip2p.host.dialing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.UnsupportedAddressException;

/**
 * The peer to dial, and its addresses. Addresses that cannot be dialed do not count towards the limit. Immutable.
 *
 * @param peer the expected peer; null for any peer
 * @param named some addresses as they were given, for messages
 * @param fresh the addresses to try first, at most {@link #MAX_ADDRESSES}
 * @param resting recently failed addresses, tried last; at most as many
 * @param refusals why other addresses are not tried, at most as many
 */
record DialTarget(
        @Nullable PeerId peer,
        List<Multiaddr> named,
        List<Multiaddr> fresh,
        List<Multiaddr> resting,
        List<UnsupportedAddressException> refusals) {
    static final int MAX_ADDRESSES = 32;

    /**
     * Sorts addresses into these lists.
     *
     * @param addresses in the order of preference; duplicates count once
     * @param isResting whether an address has failed recently
     */
    static DialTarget of(@Nullable PeerId peer, List<Multiaddr> addresses, Predicate<Multiaddr> isResting) {
        List<Multiaddr> fresh = new ArrayList<>();
        List<Multiaddr> resting = new ArrayList<>();
        List<UnsupportedAddressException> refusals = new ArrayList<>();
        for (Multiaddr address : new LinkedHashSet<>(addresses)) {
            UnsupportedAddressException refusal =
                    AddressResolver.undialable(address).orElse(null);
            if (refusal != null) {
                addBounded(refusals, refusal);
            } else {
                addBounded(isResting.test(address) ? resting : fresh, address);
            }
        }
        return new DialTarget(peer, addresses.stream().limit(MAX_ADDRESSES).toList(), fresh, resting, refusals);
    }

    private static <T> void addBounded(List<T> list, T element) {
        if (list.size() < MAX_ADDRESSES) {
            list.add(element);
        }
    }

    @Override
    public String toString() {
        return peer != null ? peer.toString() : named.toString();
    }
}
