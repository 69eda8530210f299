package org.minip2p.yamux.netty;

import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.SessionClosedException;
import org.minip2p.yamux.GoAwayCode;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a session, and its end: draining, GO_AWAY, failing everything that is left, and notifying the owner.
 *
 * <p>Confined to the connection's event loop.
 */
final class SessionEnd implements KeepAlive.Owner, WriteStall.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnd.class);

    /**
     * How long a GO_AWAY may take to leave before the session ends without it, in milliseconds. It does not wait for
     * the peer.
     */
    private static final long GO_AWAY_MILLIS = 1000;

    private enum Phase {
        /**
         * Entered when the session is made: input is held back, opens wait. Left when it is started, or ends before.
         */
        HELD,
        /** Entered when the session is started: frames are read and written. Left for any of the following. */
        RUNNING,
        /**
         * Entered on {@link #drain}: new streams are refused, others finish. Left when no stream has anything to
         * finish, or at the time limit.
         */
        DRAINING,
        /**
         * Entered when the GO_AWAY of a shutdown is being written; new streams are still refused. Left when the frame
         * has been sent, or at the time limit.
         */
        LEAVING,
        /**
         * Entered when the GO_AWAY for a fault is being written, or cannot be; input is discarded. Left when the frame
         * has been sent, or at the time limit.
         */
        FAILED,
        /** Entered when the owner is notified. Never left. */
        ENDED;

        boolean isOver() {
            return this == LEAVING || this == FAILED || this == ENDED;
        }
    }

    private final SessionParts parts;
    private final YamuxConfig config;
    private final KeepAlive keepAlive;

    /** Created on demand: most connections are always writable. */
    private @Nullable WriteStall writeStall;

    private Phase phase = Phase.HELD;
    private long goAwayCode;
    private @Nullable Throwable cause;
    private @Nullable Future<?> deadline;

    SessionEnd(SessionParts parts, YamuxConfig config) {
        this.parts = parts;
        this.config = config;
        this.keepAlive =
                new KeepAlive(parts, config.get(YamuxConfig.KEEP_ALIVE_INTERVAL).toNanos(), this);
    }

    /** All parts of the session. */
    SessionParts parts() {
        return parts;
    }

    // State

    boolean isHeld() {
        return phase == Phase.HELD;
    }

    boolean mayOpen() {
        return phase == Phase.RUNNING;
    }

    boolean mayWrite() {
        return phase == Phase.RUNNING || phase == Phase.DRAINING || phase == Phase.LEAVING;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** The failure of a new open or ping; null when it does not fail. */
    @Nullable SessionClosedException refusalOfOpen() {
        return phase == Phase.DRAINING ? closed() : refusalOfPing();
    }

    /** The failure of a new ping; null when it does not fail. */
    @Nullable SessionClosedException refusalOfPing() {
        return phase.isOver() ? closed() : null;
    }

    private SessionClosedException closed() {
        return new SessionClosedException(goAwayCode, "the session is over", cause);
    }

    // What happens to it

    /** Frames are read and written from now on. */
    void start() {
        if (phase == Phase.HELD) {
            parts.turn().begin();
            transition(Phase.RUNNING);
            keepAlive.start();
            parts.turn().end();
        }
    }

    /** The connection is not writable. */
    void connectionFull() {
        if (phase.isOver()) {
            return;
        }
        WriteStall stall = writeStall;
        if (stall == null) {
            stall = new WriteStall(
                    parts.wire(), config.get(YamuxConfig.WRITE_STALL_TIMEOUT).toNanos(), this);
            writeStall = stall;
        }
        stall.watch();
    }

    @Override
    public void stalled() {
        end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE,
                "the connection took fewer than " + WriteStall.LEAST_BYTES + " bytes in "
                        + config.get(YamuxConfig.WRITE_STALL_TIMEOUT),
                null));
    }

    @Override
    public void peerSilent() {
        end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE,
                "nothing came for " + config.get(YamuxConfig.KEEP_ALIVE_INTERVAL) + " after a ping",
                null));
    }

    /**
     * Refuses new streams, and ends when no stream has anything to finish.
     *
     * @param code for the GO_AWAY frame
     * @param patience how long to wait at most
     */
    void drain(long code, Duration patience) {
        if (phase == Phase.DRAINING || phase.isOver()) {
            return;
        }
        parts.turn().begin();
        goAwayCode = code;
        transition(Phase.DRAINING);
        parts.session().refuseStreams();
        failOpens();
        if (patience.isZero() || patience.isNegative()) {
            leaveOnPurpose();
        } else {
            deadline = parts.wire().executor().schedule(this::leaveOnPurpose, patience.toNanos(), TimeUnit.NANOSECONDS);
        }
        parts.turn().end();
    }

    /** Ends if the session is draining and no stream has anything to finish; returns whether it did. */
    boolean leaveIfDrained() {
        if (phase != Phase.DRAINING || parts.streams().isBusy()) {
            return false;
        }
        leaveOnPurpose();
        return true;
    }

    private void leaveOnPurpose() {
        leave(Phase.LEAVING, goAwayCode, null);
    }

    /** Ends because of a fault of the peer, with GO_AWAY. */
    void fail(YamuxException fault) {
        LOG.debug(
                "connection={} session=protocol-error reason={}",
                parts.wire().channel().id(),
                fault.getMessage());
        leave(Phase.FAILED, fault.goAwayCode(), fault);
    }

    /** Ends because of a fault of this end, with GO_AWAY. */
    void fail(Throwable fault) {
        LOG.error("connection={} session=internal-error", parts.wire().channel().id(), fault);
        leave(Phase.FAILED, GoAwayCode.INTERNAL_ERROR, fault);
    }

    /** Ends because of a fault of this end while a frame was written: nothing may follow an incomplete frame. */
    void cutOff(Throwable fault) {
        LOG.error("connection={} session=cut-off", parts.wire().channel().id(), fault);
        end(() -> fault);
    }

    /** Sends GO_AWAY, fails everything, and ends when the frame has left. */
    private void leave(Phase to, long code, @Nullable Throwable fault) {
        if (phase.isOver()) {
            return;
        }
        parts.turn().begin();
        transition(to);
        goAwayCode = code;
        cause = fault;
        stopTimers();
        ChannelPromise left = sendGoAway(code);
        failEverything();
        if (left == null || left.isDone()) {
            tellOwner();
        } else {
            left.addListener(done -> tellOwner());
            deadline = parts.wire().executor().schedule(this::tellOwner, GO_AWAY_MILLIS, TimeUnit.MILLISECONDS);
        }
        parts.turn().end();
    }

    /** Null when it cannot be sent, for example without memory. */
    private @Nullable ChannelPromise sendGoAway(long code) {
        try {
            return parts.writer().writeGoAway(code);
        } catch (Throwable e) {
            LOG.error("connection={} go-away=not-sent", parts.wire().channel().id(), e);
            return null;
        }
    }

    /**
     * Ends at once: nothing can, or need, be sent.
     *
     * @param reason called only if the session has not ended yet
     */
    void end(Supplier<? extends Throwable> reason) {
        if (phase == Phase.ENDED) {
            return;
        }
        parts.turn().begin();
        if (!phase.isOver()) {
            Throwable why = reason.get();
            transition(Phase.FAILED);
            cause = why;
            goAwayCode = why instanceof SessionClosedException closed ? closed.code() : SessionClosedException.NO_CODE;
            stopTimers();
            failEverything();
        }
        tellOwner();
        parts.turn().end();
    }

    private void failEverything() {
        parts.queues().clear();
        boolean byPeer = cause instanceof SessionClosedException;
        SessionClosedException failure = cause instanceof SessionClosedException closed
                ? closed
                : new SessionClosedException(goAwayCode, "the session ended", cause);
        parts.streams().fail(failure, byPeer);
        parts.pings().fail(failure);
        failOpens();
    }

    private void failOpens() {
        if (!parts.opens().isEmpty()) {
            parts.opens().fail(closed());
        }
    }

    private void tellOwner() {
        if (phase == Phase.ENDED) {
            return;
        }
        parts.turn().begin();
        transition(Phase.ENDED);
        if (deadline != null) {
            deadline.cancel(false);
        }
        parts.streams().end();
        try {
            parts.listener().sessionEnded(cause);
        } catch (Throwable failure) { // of the owner's code
            LOG.error("connection={} listener-failed", parts.wire().channel().id(), failure);
        }
        parts.turn().end();
    }

    private void stopTimers() {
        keepAlive.stop();
        if (writeStall != null) {
            writeStall.stop();
        }
        parts.context().stopDeadlines();
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void transition(Phase to) {
        phase = to;
        switch (to) {
            case HELD -> {}
            case RUNNING, DRAINING, LEAVING -> parts.inbound().start();
            case FAILED, ENDED -> parts.inbound().stop();
        }
    }
}
