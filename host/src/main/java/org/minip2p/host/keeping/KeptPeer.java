package org.minip2p.host.keeping;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.KeptConnection.State;
import org.minip2p.host.Lease;

/** One kept peer, and its handles. Confined to the host's peer executor, except for its state. */
final class KeptPeer {
    /** The current step. */
    private enum Step {
        /** It waits for its turn to be dialed. */
        QUEUED,
        /** A dial is pending. */
        DIALING,
        /** A timer runs. */
        WAITING,
        /** A connection is held; it may already be closing, as long as its end has not been reported. */
        CONNECTED,
        /** No handle is left. */
        CLOSED
    }

    private final PeerId peer;
    private final KeptPeers all;
    private final ReconnectDelays delays;
    private final List<KeptHandle> handles = new ArrayList<>();
    private Step step = Step.QUEUED;
    private volatile State state = new State.Connecting();
    private int failures;
    private long connectedNanos;
    private @Nullable Connection held;
    private @Nullable Lease lease;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable CompletableFuture<Connection> dial;

    KeptPeer(PeerId peer, KeptPeers all, ReconnectDelays delays) {
        this.peer = peer;
        this.all = all;
        this.delays = delays;
    }

    State state() {
        return state;
    }

    /** Adds a handle. */
    void add(KeptHandle handle) {
        handles.add(handle);
        handle.follow(this);
        handle.tell(state);
    }

    /** Removes a handle. Returns whether it was the last one: then this has ended. */
    boolean remove(KeptHandle handle) {
        if (!handles.remove(handle)) {
            return false;
        }
        handle.tell(new State.Closed());
        if (!handles.isEmpty()) {
            return false;
        }
        enter(Step.CLOSED);
        release();
        all.spareNoMore(peer);
        return true;
    }

    /** Ends it for all handles. */
    void close() {
        for (KeptHandle handle : List.copyOf(handles)) {
            handle.markClosed();
            remove(handle);
        }
    }

    /** Uses an existing connection, or requests one. Called once. */
    void start() {
        if (!hold()) {
            enqueue();
        }
    }

    /** A connection was established. */
    void established() {
        hold();
    }

    /**
     * A connection has ended.
     *
     * @param left the number of remaining connections, including closing ones
     * @param cause the error; null for a clean end
     */
    void closed(int left, @Nullable Throwable cause) {
        if (!hold() && left == 0 && step == Step.CONNECTED) {
            release();
            waitFor(delays.lost(all.nanoTime() - connectedNanos), cause);
        }
    }

    /** Holds the connection that new streams use; returns whether there is one. */
    private boolean hold() {
        Connection connection = all.live(peer);
        if (connection == null) {
            return false;
        }
        if (connection == held) {
            return true;
        }
        Lease taken;
        try {
            taken = connection.hold();
        } catch (ConnectionClosedException e) {
            return false; // its end will be reported
        }
        release();
        lease = taken;
        held = connection;
        if (step != Step.CONNECTED) {
            enter(Step.CONNECTED);
            connectedNanos = all.nanoTime();
            failures = 0;
        }
        show(new State.Connected(connection));
        return true;
    }

    private void release() {
        if (lease != null) {
            lease.close();
        }
        lease = null;
        held = null;
    }

    private void enqueue() {
        enter(Step.QUEUED);
        all.enqueue(this);
    }

    /** Its turn has come; returns whether it dials. */
    boolean dial() {
        if (step != Step.QUEUED) {
            return false;
        }
        enter(Step.DIALING);
        CompletableFuture<Connection> started = all.startDial(peer);
        dial = started;
        started.whenComplete((connection, failure) -> {
            all.dialEnded();
            if (dial == started) {
                dialed(failure);
            }
        });
        return true;
    }

    /** A connection was reported before this as an event, and may have closed again. */
    private void dialed(@Nullable Throwable failure) {
        dial = null;
        if (step == Step.DIALING && !hold()) {
            failures++;
            waitFor(delays.failed(), failure);
        }
    }

    private void waitFor(long nanos, @Nullable Throwable cause) {
        enter(Step.WAITING);
        timer = all.schedule(this::enqueue, nanos);
        show(new State.Waiting(all.now().plusNanos(nanos), failures, Optional.ofNullable(cause)));
    }

    /** The only place where the step changes: ends the timers and dials of the step before. */
    private void enter(Step next) {
        step = next;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        CompletableFuture<Connection> unfinished = dial;
        dial = null;
        if (unfinished != null && next == Step.CLOSED) {
            unfinished.cancel(false);
        }
    }

    private void show(State next) {
        boolean isNews = next.getClass() != state.getClass() || next instanceof State.Connected;
        state = next;
        if (isNews) {
            handles.forEach(handle -> handle.tell(next));
        }
    }

    @Override
    public String toString() {
        return peer + " " + step;
    }
}
