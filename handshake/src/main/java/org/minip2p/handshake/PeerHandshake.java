package org.minip2p.handshake;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.handshake.rule.Action;
import org.minip2p.handshake.rule.Ending;
import org.minip2p.handshake.rule.Event;
import org.minip2p.handshake.rule.HandshakeRule;
import org.minip2p.handshake.rule.PeerState;
import org.minip2p.host.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshake with one peer: passes events to {@link HandshakeRule} and executes its decisions. Exists while there is a connection to
 * the peer. Confined to the protocol context.
 */
final class PeerHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /** How long a refused peer, which has been told, may take to close the connection itself. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /**
     * The details of an event.
     *
     * @param theirs the peer's node info, if it was verified
     * @param refusal why the peer is refused, if it is
     * @param duration of the exchange that has ended
     * @param answering the stream on which a refused peer is still being answered
     */
    private record News(
            @Nullable NodeInfo theirs,
            FailureReason.@Nullable Permanent refusal,
            Duration duration,
            @Nullable Channel answering) {
        static final News NONE = new News(null, null, Duration.ZERO, null);
    }

    private final PeerId peer;
    private final HandshakeServices services;
    private final Map<Long, Connection> connections = new HashMap<>();
    private final Map<Long, ScheduledFuture<?>> farewells = new HashMap<>();
    private PeerState state = PeerState.UNKNOWN;
    private @Nullable ScheduledFuture<?> wait;
    private @Nullable ScheduledFuture<?> repeat;
    private @Nullable InitiatorExchange ours;
    private final LatestUpdate updates;

    /** A digest of the info that was reported last. Its texts come from the peer and may be long, and there is one for each peer. */
    private byte @Nullable [] toldDigest;

    /** The count of asks when this peer was last asked again: own info that was read earlier is stale. */
    private long lastAsk;

    PeerHandshake(PeerId peer, HandshakeServices services) {
        this.peer = peer;
        this.services = services;
        this.updates = new LatestUpdate(services);
    }

    // ---- What happens ----------------------------------------------------------------------------------------------

    void established(Connection connection) {
        connections.put(connection.id(), connection);
        apply(new Event.ConnectionEstablished(connection.id(), connection.role() == Role.INITIATOR), News.NONE);
    }

    /** Afterwards {@link #isOver} may be true. */
    void closed(Connection connection) {
        apply(new Event.ConnectionClosed(connection.id()), News.NONE);
        connections.remove(connection.id());
        ScheduledFuture<?> farewell = farewells.remove(connection.id());
        if (farewell != null) {
            farewell.cancel(false);
        }
    }

    /** Whether no connection is left, and so no state is needed. */
    boolean isOver() {
        return connections.isEmpty();
    }

    boolean isCovered() {
        return state.isCovered();
    }

    /** Whether no exchange of ours is in flight or due. */
    boolean isQuiet() {
        return ours == null && state.ask() == PeerState.Ask.NONE && state.repeat() != PeerState.Repeat.DUE;
    }

    /** Our own info or the accepted networks have changed: asks the peer again. */
    void ask() {
        lastAsk = services.own().countAsk();
        apply(new Event.Asked(), News.NONE);
    }

    /** Ends everything without an event. */
    void cancel() {
        connections.clear();
        state = PeerState.UNKNOWN;
        stopWaiting();
        stopRepeating();
        farewells.values().forEach(farewell -> farewell.cancel(false));
        farewells.clear();
        if (ours != null) {
            ours.cancel();
        }
    }

    /** The peer has opened a stream for an exchange. */
    void requested(ResponderExchange exchange) {
        Connection connection = exchange.connection();
        long started = nanoTime(connection);
        apply(new Event.RequestOpened(connection.id()), News.NONE);
        Duration allowed = services.options().exchangeDeadline();
        ScheduledFuture<?> deadline = later(allowed, () -> exchange.expire(allowed));
        ChannelFuture over = exchange.channel().closeFuture();
        if (over.isDone()) {
            deadline.cancel(false); // its event loop may have ended, and not report it
        } else {
            over.addListener(closed -> deadline.cancel(false));
        }
        CompletableFuture<Verified> result = exchange.result();
        boolean isOver = result.isDone();
        result.whenComplete((theirs, failure) -> {
            if (isOver) {
                // At once: a peer that has been answered may already be disconnected, and that event waits behind this
                // task.
                requestEnded(exchange, theirs, failure, started);
            } else {
                services.onContext(() -> requestEnded(exchange, theirs, failure, started));
            }
        });
    }

    private void requestEnded(
            ResponderExchange exchange, @Nullable Verified verified, @Nullable Throwable failure, long started) {
        long id = exchange.connection().id();
        Duration duration = Duration.ofNanos(nanoTime(exchange.connection()) - started);
        if (verified != null) {
            Event event = new Event.RequestVerified(id, isStale(verified));
            apply(event, new News(verified.theirs(), null, duration, null));
            return;
        }
        LOG.debug("connection={} peer={} their exchange failed error={}", id, peer, String.valueOf(failure));
        if (failure instanceof HandshakeFailedException refused) {
            Channel answering = ResponderExchange.isAnswered(failure) ? exchange.channel() : null;
            apply(new Event.RequestRefused(id), new News(null, refused.reason(), duration, answering));
        } else {
            apply(new Event.RequestDied(id), News.NONE);
        }
    }

    private void oursEnded(
            Connection connection, @Nullable Verified verified, @Nullable Throwable failure, long started) {
        Duration duration = Duration.ofNanos(nanoTime(connection) - started);
        if (verified != null) {
            Event event = new Event.ResponseVerified(connection.id(), isStale(verified));
            apply(event, new News(verified.theirs(), null, duration, null));
            return;
        }
        Throwable cause = Objects.requireNonNull(failure);
        LOG.debug("connection={} peer={} our exchange failed error={}", connection.id(), peer, cause.toString());
        Ending ending = Endings.of(cause, connection);
        FailureReason.Permanent refusal = ending.isPermanent() ? Endings.refusal(cause) : null;
        apply(new Event.OursEnded(connection.id(), ending), new News(null, refusal, duration, null));
    }

    private boolean isStale(Verified verified) {
        return verified.asks() < lastAsk;
    }

    // ---- What is done ----------------------------------------------------------------------------------------------

    private void apply(Event event, News news) {
        assert services.context().isCurrent();
        HandshakeRule.Outcome outcome = HandshakeRule.apply(state, event);
        state = outcome.state();
        Performer performer = new Performer(news);
        outcome.actions().forEach(action -> action.accept(performer));
    }

    /** Executes the rule's decisions, with the details of the event. */
    private final class Performer implements Action.Visitor {
        private final News news;

        Performer(News news) {
            this.news = news;
        }

        @Override
        public void on(Action.StartExchange action) {
            startExchange(connection(action.connection()));
        }

        @Override
        public void on(Action.ArmWait action) {
            wait = later(services.options().waitForPeer(), () -> apply(new Event.WaitEnded(), News.NONE));
        }

        @Override
        public void on(Action.CancelWait action) {
            stopWaiting();
        }

        @Override
        public void on(Action.ArmRepeat action) {
            stopRepeating();
            Duration time = services.options().repeatAfter();
            if (!time.isZero()) {
                repeat = later(time, () -> apply(new Event.RepeatDue(), News.NONE));
            }
        }

        @Override
        public void on(Action.CancelRepeat action) {
            stopRepeating();
        }

        @Override
        public void on(Action.TellCompleted action) {
            NodeInfo theirs = Objects.requireNonNull(news.theirs());
            toldDigest = theirs.digest();
            services.tell(new HandshakeEvent.Completed(
                    peer, theirs, action.connection(), action.initiatedByUs(), news.duration()));
        }

        @Override
        public void on(Action.TellUpdated action) {
            NodeInfo theirs = Objects.requireNonNull(news.theirs());
            byte[] digest = theirs.digest();
            if (!Arrays.equals(digest, toldDigest)) {
                toldDigest = digest;
                updates.tell(new HandshakeEvent.Updated(peer, theirs, action.connection()));
            }
        }

        @Override
        public void on(Action.TellFailed action) {
            FailureReason reason = Endings.reason(action.ending(), news.refusal());
            services.tell(new HandshakeEvent.Failed(peer, action.connection(), action.initiatedByUs(), reason));
        }

        @Override
        public void on(Action.CloseConnection action) {
            closeConnection(connection(action.connection()), news);
        }
    }

    private Connection connection(long id) {
        return Objects.requireNonNull(connections.get(id));
    }

    /** By the clock of the connection, which is asked on any thread. */
    private static long nanoTime(Connection connection) {
        return connection.eventLoop().ticker().nanoTime();
    }

    private void startExchange(Connection connection) {
        long started = nanoTime(connection);
        InitiatorExchange running = InitiatorExchange.start(connection, services);
        ours = running;
        Duration allowed = services.options().exchangeDeadline();
        ScheduledFuture<?> deadline = later(allowed, () -> running.expire(allowed));
        running.result()
                .whenComplete((verified, failure) -> services.onContext(() -> {
                    deadline.cancel(false);
                    // Not the next exchange, which starts as soon as the connection of this one is known to be closed.
                    if (ours == running) {
                        ours = null;
                    }
                    oursEnded(connection, verified, failure, started);
                }));
    }

    private void stopRepeating() {
        if (repeat != null) {
            repeat.cancel(false);
            repeat = null;
        }
    }

    private void closeConnection(Connection connection, News news) {
        boolean isKept = switch (services.options().failurePolicy()) {
            case CLOSE_CONNECTION -> false;
            case CLOSE_IF_SPOKEN -> news.refusal() instanceof FailureReason.ProtocolNotSupported;
            case KEEP_CONNECTION -> true;
        };
        if (isKept) {
            return;
        }
        Channel answering = news.answering();
        if (answering == null) {
            var unused = connection.close();
        } else {
            answering.closeFuture().addListener(answered -> services.onContext(() -> bidFarewell(connection)));
        }
    }

    private void bidFarewell(Connection connection) {
        if (connections.containsKey(connection.id())) {
            farewells.put(connection.id(), later(FAREWELL, () -> {
                var unused = connection.close();
            }));
        }
    }

    private void stopWaiting() {
        if (wait != null) {
            wait.cancel(false);
            wait = null;
        }
    }

    private ScheduledFuture<?> later(Duration delay, Runnable task) {
        return services.context().schedule(delay, task);
    }
}
