package org.minip2p.protocols;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.protocols.pb.IdentifyMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes the current data of a host to peers that support pushes: in rounds to all of them, one round at a time, and one push at
 * a time on each connection. Confined to the host's protocol context.
 */
final class IdentityPushes {
    private static final Logger LOG = LoggerFactory.getLogger(Identify.class);

    private final Host host;
    private final ProtocolContext context;
    private final CurrentIdentity current;
    private final KnownPeers known;
    private final Duration deadline;

    /** The oldest data that a connected peer may have of us: what we pushed last, or what it may have read by asking. */
    private final Map<PeerId, OwnIdentity> told = new HashMap<>();

    /** The last pending push on each connection. */
    private final Map<Long, CompletableFuture<Void>> pushing = new HashMap<>();

    private @Nullable CompletableFuture<Void> round;
    private @Nullable CompletableFuture<Void> nextRound;

    /**
     * Creates the pushes; no peer has been told yet.
     *
     * @param host the host
     * @param current its current data
     * @param known the peers and their protocols
     * @param deadline the time limit of one push
     */
    IdentityPushes(Host host, CurrentIdentity current, KnownPeers known, Duration deadline) {
        this.host = host;
        this.context = host.protocolContext();
        this.current = current;
        this.known = known;
        this.deadline = deadline;
    }

    /** A peer has connected, and may ask from now on. */
    void established(PeerId peer) {
        told.putIfAbsent(peer, current.get());
    }

    /** The last connection of a peer has closed. */
    void gone(PeerId peer) {
        told.remove(peer);
    }

    /**
     * Pushes to every peer that supports pushes. During a round, all calls share the next one.
     *
     * @return completes when the push to each of them has succeeded or failed
     */
    CompletableFuture<Void> pushAll() {
        return startRound(targets());
    }

    /** A round of pushes reaches only known peers: a peer that has just become known may have missed one. */
    void pushWhatChangedMeanwhile(Connection connection, IdentifyInfo info) {
        OwnIdentity then = told.get(connection.remotePeer());
        OwnIdentity now = current.get();
        if (then != null && !then.equals(now) && info.protocols().contains(Identify.PUSH_ID)) {
            send(connection).whenComplete((taken, failure) -> {
                if (failure != null) {
                    LOG.debug("connection={} push failed error={}", connection.id(), failure.toString());
                }
            });
        }
    }

    /** Compares per peer: when a change is reverted, a peer that missed the change needs no push, but others do. */
    void pushChanges() {
        List<Connection> targets = round == null ? targets() : List.of();
        if (targets.isEmpty()) {
            return;
        }
        OwnIdentity now = current.get();
        targets.removeIf(connection -> now.equals(told.get(connection.remotePeer())));
        if (!targets.isEmpty()) {
            var unused = startRound(targets);
        }
    }

    private List<Connection> targets() {
        List<Connection> targets = new ArrayList<>();
        known.entries().forEach(entry -> {
            if (entry.getValue().protocols().contains(Identify.PUSH_ID)) {
                host.connection(entry.getKey()).ifPresent(targets::add);
            }
        });
        return targets;
    }

    private CompletableFuture<Void> startRound(List<Connection> targets) {
        if (round != null) {
            if (nextRound == null) {
                nextRound = new CompletableFuture<>();
            }
            return nextRound;
        }
        CompletableFuture<Void> started = new PushRound<>(context, targets, this::send).start();
        round = started;
        started.whenComplete((done, failure) -> roundEnded());
        return started;
    }

    private void roundEnded() {
        round = null;
        CompletableFuture<Void> waiting = nextRound;
        nextRound = null;
        if (waiting != null) {
            startRound(targets()).whenComplete((done, failure) -> waiting.complete(null));
        }
    }

    /** Pushes the data that is current at that time, after pending pushes: the last push to arrive must have the latest data. */
    private CompletableFuture<Void> send(Connection connection) {
        CompletableFuture<Void> before = pushing.get(connection.id());
        CompletableFuture<Void> sent = before == null
                ? sendNow(connection)
                : before.handle((taken, failure) -> connection).thenComposeAsync(this::sendNow, context);
        pushing.put(connection.id(), sent);
        sent.whenCompleteAsync((taken, failure) -> pushing.remove(connection.id(), sent), context);
        return sent;
    }

    private CompletableFuture<Void> sendNow(Connection connection) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        OwnIdentity own = current.get();
        told.replace(connection.remotePeer(), own);
        IdentifyMessage message = current.messageTo(connection, own);
        ProtocolContext.tie(
                connection.openStream(
                        Identify.PUSH_ID, stream -> stream.pipeline().addLast(new PushSender(message, taken))),
                taken);
        context.expire(Identify.PUSH_ID, deadline, taken);
        return taken;
    }
}
