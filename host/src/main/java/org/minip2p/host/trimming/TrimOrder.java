package org.minip2p.host.trimming;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.minip2p.host.PeerStanding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts peers in the application's order, or in the default order when its comparator throws. As thread-safe as the
 * comparator.
 */
public final class TrimOrder {
    private static final Logger LOG = LoggerFactory.getLogger(TrimOrder.class);

    private final Comparator<? super PeerStanding> order;

    /** Peers that come first in this order are dropped first. */
    public TrimOrder(Comparator<? super PeerStanding> order) {
        this.order = order;
    }

    List<PeerStanding> sorted(List<PeerStanding> peers) {
        List<PeerStanding> sorted = new ArrayList<>(peers);
        try {
            sorted.sort(order);
            return sorted;
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("comparator for {} peers threw, using the default order", peers.size(), e);
        }
        List<PeerStanding> byDefault = new ArrayList<>(peers);
        byDefault.sort(PeerStanding.defaultOrder());
        return byDefault;
    }
}
