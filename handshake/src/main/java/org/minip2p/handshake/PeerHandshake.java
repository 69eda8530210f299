package org.minip2p.handshake;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.handshake.rule.Action;
import org.minip2p.handshake.rule.Ending;
import org.minip2p.handshake.rule.Event;
import org.minip2p.handshake.rule.HandshakeRule;
import org.minip2p.handshake.rule.PeerState;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.multistream.NegotiationFailedException;
import org.minip2p.multistream.UnsupportedProtocolException;
import org.minip2p.yamux.SessionClosedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshake with one peer: feeds what happens to {@link HandshakeRule} and does what that decides. Lives while there is a connection
 * to the peer. Confined to the host's peer executor.
 */
final class PeerHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);
    private static final HandshakeRule RULE = new HandshakeRule();

    /** How long a peer that is not for us, and was told so, may take to close the connection itself. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /**
     * What an event brought, beside the event itself.
     *
     * @param theirs the peer's node info, if it was verified
     * @param refusal why the peer is not for us, if it is not
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
    private @Nullable CompletableFuture<NodeInfo> ours;
    private @Nullable NodeInfo toldInfo;

    // The repeat: an SSV node in Go misses a request that is served before it has begun to wait for one, and 20 s later
    // gives up on us. So we ask once more, outside of the rule: whatever comes of it neither completes nor fails
    // anything. One that runs is left to run when the rule starts another: a request that is reset counts there as a
    // failed handshake.
    private @Nullable ScheduledFuture<?> repeat;
    private boolean hasAsked;

    PeerHandshake(PeerId peer, HandshakeServices services) {
        this.peer = peer;
        this.services = services;
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

    /** Whether no connection is left, and so nothing worth keeping. */
    boolean isOver() {
        return connections.isEmpty();
    }

    boolean isCovered() {
        return state.isCovered();
    }

    /** Ends everything, and tells nothing. */
    void cancel() {
        connections.clear();
        state = PeerState.UNKNOWN;
        stopWaiting();
        stopRepeating();
        farewells.values().forEach(farewell -> farewell.cancel(false));
        farewells.clear();
        if (ours != null) {
            ours.cancel(false);
        }
    }

    /** The peer has opened a stream for an exchange. */
    void requested(ResponderExchange exchange) {
        long started = System.nanoTime();
        Connection connection = exchange.connection();
        apply(new Event.RequestOpened(connection.id()), News.NONE);
        ScheduledFuture<?> deadline = later(services.options().exchangeDeadline(), () -> {
            exchange.result().completeExceptionally(late());
            exchange.reset(); // an answer that has not left by now, too
        });
        exchange.channel().closeFuture().addListener(closed -> deadline.cancel(false));
        exchange.result()
                .whenComplete((theirs, failure) ->
                        services.onPeerExecutor(() -> requestEnded(exchange, theirs, failure, started)));
    }

    private void requestEnded(
            ResponderExchange exchange, @Nullable NodeInfo theirs, @Nullable Throwable failure, long started) {
        long id = exchange.connection().id();
        Duration duration = Duration.ofNanos(System.nanoTime() - started);
        if (failure == null) {
            hasAsked = true;
            stopRepeating();
            apply(new Event.RequestVerified(id), new News(theirs, null, duration, null));
            return;
        }
        LOG.debug("connection={} peer={} their exchange failed error={}", id, peer, failure.toString());
        if (failure instanceof HandshakeFailedException refused) {
            Channel answering = ResponderExchange.isAnswered(failure) ? exchange.channel() : null;
            apply(new Event.RequestRefused(id), new News(null, refused.reason(), duration, answering));
        } else {
            apply(new Event.RequestDied(id), News.NONE);
        }
    }

    private void oursEnded(
            Connection connection, @Nullable NodeInfo theirs, @Nullable Throwable failure, long started) {
        Duration duration = Duration.ofNanos(System.nanoTime() - started);
        if (failure == null) {
            apply(new Event.ResponseVerified(connection.id()), new News(theirs, null, duration, null));
            repeatLater();
            return;
        }
        LOG.debug("connection={} peer={} our exchange failed error={}", connection.id(), peer, failure.toString());
        Ending ending = ending(failure, connection);
        apply(
                new Event.OursEnded(connection.id(), ending),
                new News(null, ending == Ending.REFUSED ? refusal(failure) : null, duration, null));
        if (isCovered()) {
            repeatLater(); // what was due after the exchange before
        }
    }

    // A close that is taken for a reset costs a try and is found out by the next one; a reset that is taken for a close
    // would bar a connection that lives. So only what is certain is a close.
    private static Ending ending(Throwable failure, Connection connection) {
        if (failure instanceof HandshakeFailedException) {
            return Ending.REFUSED;
        }
        if (failure instanceof LocalFaultException) {
            return Ending.LOCAL_FAULT;
        }
        if (failure instanceof SessionClosedException || !connection.isOpen()) {
            return Ending.CONNECTION_CLOSED;
        }
        if (failure instanceof UnsupportedProtocolException) {
            return Ending.REFUSED;
        }
        if (failure instanceof TimeoutException) {
            return Ending.TIMEOUT;
        }
        return failure instanceof NegotiationFailedException || failure instanceof ConnectionClosedException
                ? Ending.NEGOTIATION_FAILED
                : Ending.STREAM_RESET;
    }

    private static FailureReason.Permanent refusal(Throwable failure) {
        return failure instanceof HandshakeFailedException refused
                ? refused.reason()
                : new FailureReason.ProtocolNotSupported();
    }

    // ---- What is done ----------------------------------------------------------------------------------------------

    private void apply(Event event, News news) {
        assert services.host().peerExecutor().inEventLoop();
        HandshakeRule.Outcome outcome = RULE.apply(state, event);
        state = outcome.state();
        for (Action action : outcome.actions()) {
            perform(action, news);
        }
    }

    private void perform(Action action, News news) {
        if (action instanceof Action.StartExchange start) {
            startExchange(connection(start.connection()));
        } else if (action instanceof Action.ArmWait) {
            wait = later(services.options().waitForPeer(), () -> apply(new Event.WaitEnded(), News.NONE));
        } else if (action instanceof Action.CancelWait) {
            stopWaiting();
        } else if (action instanceof Action.TellCompleted told) {
            NodeInfo theirs = Objects.requireNonNull(news.theirs());
            toldInfo = theirs;
            services.tell(new HandshakeEvent.Completed(
                    peer, theirs, told.connection(), told.initiatedByUs(), news.duration()));
        } else if (action instanceof Action.TellUpdated told) {
            NodeInfo theirs = Objects.requireNonNull(news.theirs());
            if (!theirs.equals(toldInfo)) {
                toldInfo = theirs;
                services.tell(new HandshakeEvent.Updated(peer, theirs, told.connection()));
            }
        } else if (action instanceof Action.TellFailed told) {
            FailureReason reason = reason(told.ending(), news);
            services.tell(new HandshakeEvent.Failed(peer, told.connection(), told.initiatedByUs(), reason));
        } else if (action instanceof Action.CloseConnection close) {
            closeConnection(connection(close.connection()), news);
        }
    }

    private Connection connection(long id) {
        return Objects.requireNonNull(connections.get(id));
    }

    private static FailureReason reason(Ending ending, News news) {
        return switch (ending) {
            case CONNECTION_CLOSED -> new FailureReason.ConnectionClosed();
            case STREAM_RESET -> new FailureReason.StreamReset();
            case TIMEOUT -> new FailureReason.Timeout();
            case NEGOTIATION_FAILED -> new FailureReason.NegotiationFailed();
            case LOCAL_FAULT -> new FailureReason.LocalFault();
            case REFUSED -> Objects.requireNonNull(news.refusal());
        };
    }

    private void startExchange(Connection connection) {
        stopRepeating();
        long started = System.nanoTime();
        CompletableFuture<NodeInfo> running = exchange(connection);
        ours = running;
        running.whenComplete((theirs, failure) -> services.onPeerExecutor(() -> {
            if (ours == running) { // not the next one, which starts as soon as the connection of this one is known
                // to be closed
                ours = null;
            }
            oursEnded(connection, theirs, failure, started);
        }));
    }

    private CompletableFuture<NodeInfo> exchange(Connection connection) {
        CompletableFuture<NodeInfo> running;
        try {
            running = InitiatorExchange.start(connection, services.own().current(), services.check());
        } catch (LocalFaultException e) {
            return CompletableFuture.failedFuture(e);
        }
        ScheduledFuture<?> deadline =
                later(services.options().exchangeDeadline(), () -> running.completeExceptionally(late()));
        running.whenComplete((theirs, failure) -> deadline.cancel(false));
        return running;
    }

    private void repeatLater() {
        stopRepeating();
        if (!hasAsked && ours == null && !services.options().repeatAfter().isZero()) {
            repeat = later(services.options().repeatAfter(), this::repeat);
        }
    }

    private void repeat() {
        Connection connection = firstOpen();
        if (connection == null) {
            return;
        }
        exchange(connection)
                .whenComplete((theirs, failure) -> services.onPeerExecutor(() -> {
                    if (failure != null) {
                        repeatFailed(connection, failure);
                    } else if (isCovered() && !theirs.equals(toldInfo)) {
                        toldInfo = theirs;
                        services.tell(new HandshakeEvent.Updated(peer, theirs, connection.id()));
                    }
                }));
    }

    private @Nullable Connection firstOpen() {
        return connections.values().stream()
                .filter(Connection::isOpen)
                .min(Comparator.comparingLong(Connection::id))
                .orElse(null);
    }

    // A connection that closed under it has taken the request with it: asked anew on what is left, which is less each
    // time.
    private void repeatFailed(Connection connection, Throwable failure) {
        LOG.debug(
                "connection={} peer={} our repeated exchange failed error={}",
                connection.id(),
                peer,
                failure.toString());
        if (ending(failure, connection) == Ending.CONNECTION_CLOSED) {
            repeatLater();
        }
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
            answering.closeFuture().addListener(answered -> services.onPeerExecutor(() -> bidFarewell(connection)));
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
        return services.host().peerExecutor().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private TimeoutException late() {
        return new TimeoutException("not within " + services.options().exchangeDeadline());
    }
}
