package org.minip2p.host.dialing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.upgrade.Upgrade;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.transport.ConnectFailedException;
import org.minip2p.transport.Transport;

/** One socket of a dial: connects and upgrades. Thread-safe. */
final class DialAttempt implements Upgrade.Outcome {
    /** The result of an attempt: one of the two methods is called, once, on any thread. */
    interface Outcome {
        /** The socket is a connection, not yet decided on. */
        void upgraded(DialAttempt attempt, UndecidedConnection connection);

        /** It has failed, and is being closed. */
        void failed(DialAttempt attempt, Throwable cause);
    }

    private final Candidate candidate;
    private final ConnectionLimits.Place place;
    private final Outcome outcome;
    private volatile @Nullable Upgrade upgrade;
    private volatile @Nullable HostMeter meter;
    private volatile @Nullable Throwable aborted;
    private volatile boolean sparesSecured;

    /**
     * Creates an attempt, not started yet.
     *
     * @param candidate the address
     * @param place released when the socket is closed
     * @param outcome receives the result
     */
    DialAttempt(Candidate candidate, ConnectionLimits.Place place, Outcome outcome) {
        this.candidate = candidate;
        this.place = place;
        this.outcome = outcome;
    }

    Candidate candidate() {
        return candidate;
    }

    /**
     * Opens the socket.
     *
     * @param expectedPeer the expected peer; null for any peer
     */
    void start(Transport transport, UpgradeStages stages, @Nullable PeerId expectedPeer) {
        meter = stages.meter();
        // The deadline of the upgrade also starts now: a second timer would stay in memory with the socket.
        ChannelFuture connect = transport.connect(candidate.remote(), Duration.ZERO, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                begin(new Upgrade(stages, Role.INITIATOR, expectedPeer, channel, DialAttempt.this));
            }
        });
        if (connect.isDone()) {
            // It failed before there was a socket, or when no event loop is left to report it.
            connected(connect);
        } else {
            connect.addListener(this::connected);
        }
        ConnectionLimits.Place held = place; // not this object: a connection outlives its dial
        if (connect.channel().isOpen()) {
            connect.channel().closeFuture().addListener(closed -> held.release());
        } else {
            held.release();
        }
    }

    private void connected(Future<?> connect) {
        if (connect.isSuccess()) {
            return;
        }
        Upgrade begun = upgrade;
        Throwable cause = new ConnectFailedException(candidate.remote(), connect.cause());
        if (begun == null) {
            // A channel that was never opened is never closed either.
            place.release();
            HostMeter measuring = meter;
            if (measuring != null) { // set by the caller that started it
                measuring.socketFailed(Role.INITIATOR, HostObservation.Stage.CONNECTING, candidate.remote(), cause);
            }
            failed(cause);
        } else {
            begun.abort(cause);
        }
    }

    private void begin(Upgrade begun) {
        upgrade = begun;
        begun.start();
        abortIfWanted();
    }

    /** Gives up, and closes the socket. */
    void abort(Throwable cause) {
        sparesSecured = false;
        aborted = cause;
        abortIfWanted();
    }

    /** The same, but keeps a socket that its peer may already consider a connection. */
    void abortUnlessSecured(Throwable cause) {
        sparesSecured = true;
        aborted = cause;
        abortIfWanted();
    }

    private void abortIfWanted() {
        Upgrade begun = upgrade;
        Throwable cause = aborted;
        if (begun == null || cause == null) {
            return;
        }
        if (sparesSecured) {
            begun.abortUnlessSecured(cause);
        } else {
            begun.abort(cause);
        }
    }

    @Override
    public void upgraded(UndecidedConnection connection) {
        place.upgraded();
        outcome.upgraded(this, connection);
    }

    @Override
    public void failed(Throwable cause) {
        outcome.failed(this, cause);
    }
}
