package org.minip2p.host.keeping;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostEvent;
import org.minip2p.host.KeptConnection;
import org.minip2p.host.events.EventObserver;

/**
 * The kept peers. Only a few are dialed at a time, even if many need a connection at once because the network or the machine comes back.
 * Waits use a monotonic clock.
 *
 * <p>{@link #keep} may be called from any thread; the rest is confined to the host's peer executor.
 */
public final class KeptPeers implements EventObserver {
    /** A quarter of the sockets that a host upgrades at once. */
    static final int MAX_DIALS = 16;

    /** The operations for a peer. */
    public interface Network {
        /** The connection that new streams to a peer should use; null when there is none. */
        @Nullable Connection live(PeerId peer);

        /** Connects to a peer; completes on the peer executor. */
        CompletableFuture<Connection> dial(PeerId peer);

        /** Sets whether the peer is protected from trimming. */
        void spare(PeerId peer, boolean spared);

        /** Runs a task of the application, in order with the events of the peer. */
        void tell(PeerId peer, Runnable task);
    }

    private final Network network;
    private final EventExecutor peerExecutor;
    private final InstantSource clock;
    private final Supplier<ReconnectDelays> delays;
    private final Map<PeerId, KeptPeer> peers = new HashMap<>();

    /** The peers that wait for their turn to be dialed; some of them may have a connection meanwhile. */
    private final ArrayDeque<KeptPeer> queue = new ArrayDeque<>();

    private int dials;
    private boolean closed;

    /**
     * Creates the list without peers.
     *
     * @param network the operations
     * @param peerExecutor where decisions are made, and the clock for the waits
     * @param clock the clock for the reported time of the next attempt
     * @param delays creates the waits of a peer
     */
    public KeptPeers(
            Network network, EventExecutor peerExecutor, InstantSource clock, Supplier<ReconnectDelays> delays) {
        this.network = network;
        this.peerExecutor = peerExecutor;
        this.clock = clock;
        this.delays = delays;
    }

    /**
     * Starts to keep a connection to this peer.
     *
     * @throws HostClosedException when the host is closed
     */
    public KeptConnection keep(PeerId peer, KeptConnection.Listener listener) throws HostClosedException {
        KeptHandle handle = new KeptHandle(peer, this, listener);
        try {
            peerExecutor.execute(() -> add(handle));
        } catch (RejectedExecutionException e) {
            throw new HostClosedException();
        }
        return handle;
    }

    private void add(KeptHandle handle) {
        if (closed) {
            handle.markClosed();
        }
        if (handle.isClosed()) {
            handle.tell(new KeptConnection.State.Closed());
            return;
        }
        KeptPeer known = peers.get(handle.peer());
        if (known != null) {
            known.add(handle);
            return;
        }
        KeptPeer kept = new KeptPeer(handle.peer(), this, delays.get());
        peers.put(handle.peer(), kept);
        network.spare(handle.peer(), true);
        kept.add(handle);
        kept.start();
    }

    /** Any thread. */
    void release(KeptHandle handle) {
        try {
            peerExecutor.execute(() -> {
                KeptPeer kept = peers.get(handle.peer());
                if (kept != null && kept.remove(handle)) {
                    peers.remove(handle.peer());
                    queue.remove(kept);
                }
            });
        } catch (RejectedExecutionException e) {
            // The host has ended, and with it all kept peers.
            handle.markClosed();
        }
    }

    @Override
    public void onEvent(HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            KeptPeer kept = peers.get(established.connection().remotePeer());
            if (kept != null) {
                kept.established();
            }
        } else if (event instanceof HostEvent.ConnectionClosed ended) {
            KeptPeer kept = peers.get(ended.connection().remotePeer());
            if (kept != null) {
                kept.closed(ended.numEstablished(), ended.cause().error());
            }
        }
    }

    /** Stops keeping all peers. */
    public void close() {
        closed = true;
        queue.clear();
        List.copyOf(peers.values()).forEach(KeptPeer::close);
        peers.clear();
    }

    // Requests of one of them

    void enqueue(KeptPeer peer) {
        queue.add(peer);
        dialNext();
    }

    /** A started dial has ended. */
    void dialEnded() {
        dials--;
        if (!queue.isEmpty()) {
            peerExecutor.execute(this::dialNext); // the caller has not updated its state yet
        }
    }

    private void dialNext() {
        while (dials < MAX_DIALS) {
            KeptPeer next = queue.poll();
            if (next == null) {
                return;
            }
            dials++;
            if (!next.dial()) {
                dials--;
            }
        }
    }

    CompletableFuture<Connection> startDial(PeerId peer) {
        return network.dial(peer);
    }

    void spareNoMore(PeerId peer) {
        network.spare(peer, false);
    }

    @Nullable Connection live(PeerId peer) {
        return network.live(peer);
    }

    void tell(PeerId peer, Runnable task) {
        network.tell(peer, task);
    }

    ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return peerExecutor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    long nanoTime() {
        return peerExecutor.ticker().nanoTime();
    }

    Instant now() {
        return clock.instant();
    }
}
