package org.minip2p.protocols;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamQuota;
import org.minip2p.protocols.pb.IdentifyMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identify and identify/push protocols, both roles. A host with identify answers requests at once, asks every new connection once
 * (IDN-29), and tells peers that support pushes when its protocols or addresses change (IDN-28). No other part of the host waits for it
 * (IDN-30). A peer's answer changes nothing in the host (IDN-15), except that its {@link Host#addressBook address book} gets the
 * addresses, as the last to try.
 *
 * <p>Peers ask as soon as they are connected, so it is best installed before the host listens: {@code Host.listen} may be called then.
 *
 * <p>One object per host. Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify</a>
 */
public final class Identify {
    /** The name of the protocol for requests (IDN-1). */
    public static final ProtocolId ID = new ProtocolId("/ipfs/id/1.0.0");

    /** The name of the protocol for pushes (IDN-1). */
    public static final ProtocolId PUSH_ID = new ProtocolId("/ipfs/id/push/1.0.0");

    /** The time limit of one exchange, from the opening of its stream (IDN-25). */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /**
     * The interval between checks of the host's protocols and addresses, which also combines changes close together into one push
     * (IDN-28).
     */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

    /** The most concurrent streams of one peer, of both protocols: no node needs more than two on each of its connections (IDN-34). */
    private static final int MAX_INBOUND_STREAMS = 8;

    /** The most streams of one peer in a minute: go asks once per connection, and pushes at changes (IDN-34). */
    private static final int MAX_INBOUND_STREAMS_A_MINUTE = 60;

    private static final StreamQuota QUOTA =
            StreamQuota.ofOpen(MAX_INBOUND_STREAMS).withRate(MAX_INBOUND_STREAMS_A_MINUTE, Duration.ofMinutes(1));

    private static final Logger LOG = LoggerFactory.getLogger(Identify.class);

    private final Host host;
    private final ProtocolContext context;
    private final CurrentIdentity current;
    private final Duration deadline;
    private final InboundBytes incoming = InboundBytes.standard();

    /** The answers of connected peers. */
    private final KnownPeers known = new KnownPeers(KnownPeers.MAX_BYTES);

    /** The pending requests, by connection. */
    private final ConcurrentMap<Long, CompletableFuture<IdentifyInfo>> asking = new ConcurrentHashMap<>();

    private final IdentityPushes pushes;

    private Identify(Host host, String agentVersion, Duration deadline) {
        this.host = host;
        this.context = host.protocolContext();
        this.current = new CurrentIdentity(host, agentVersion);
        this.deadline = deadline;
        this.pushes = new IdentityPushes(host, current, known, deadline);
    }

    /**
     * Installs identify on a host.
     *
     * @param host the host
     * @param agentVersion name and version of the software, such as {@code my-app/1.0} (IDN-18)
     * @return the object with which to ask peers
     * @throws IllegalArgumentException when that text has more than 128 characters
     * @throws IllegalStateException when the host has the protocol already
     */
    public static Identify install(Host host, String agentVersion) {
        return install(host, agentVersion, DEADLINE, LOOK_INTERVAL);
    }

    static Identify install(Host host, String agentVersion, Duration deadline, Duration lookInterval) {
        if (agentVersion.length() > Printable.MAX_CHARACTERS) {
            throw new IllegalArgumentException("an agent version has at most " + Printable.MAX_CHARACTERS
                    + " characters, not " + agentVersion.length());
        }
        Identify identify = new Identify(host, agentVersion, deadline);
        ProtocolContext context = identify.context;
        // One quota for both protocols.
        StreamHandler limited = context.limited(QUOTA, identify::serve);
        host.handle(ID, HALF_OPEN, limited);
        host.handle(PUSH_ID, HALF_OPEN, limited);
        context.observe(identify.new Peers());
        identify.lookAfter(lookInterval);
        return identify;
    }

    /**
     * Asks a peer for its identify data; joins a pending request on this connection, if there is one.
     *
     * @param connection the connection
     * @return the answer; fails, after at most 5 s, with {@link IdentifyFailedException}, {@link ProtocolTimeoutException}, an
     *     {@code UnsupportedProtocolException}, or any other failure of the stream
     */
    public CompletableFuture<IdentifyInfo> identify(Connection connection) {
        CompletableFuture<IdentifyInfo> result = new CompletableFuture<>();
        CompletableFuture<IdentifyInfo> underWay = asking.putIfAbsent(connection.id(), result);
        if (underWay != null) {
            return underWay.copy();
        }
        CompletableFuture<IdentifyInfo> answer = new CompletableFuture<>();
        answer.whenComplete((info, failure) -> {
            // This first: a caller that asks again in its callback must get a new answer.
            asking.remove(connection.id(), result);
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(info);
            }
        });
        CompletableFuture<IdentifyMessage> message = new CompletableFuture<>();
        message.whenComplete((read, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                learn(connection, read, false, answer);
            }
        });
        InboundBytes.Share memory = incoming.share(connection.remotePeer());
        ProtocolContext.tie(
                connection.openStream(ID, stream -> stream.pipeline().addLast(new IdentifyReader(message, memory))),
                message);
        context.expire(ID, deadline, message);
        return result.copy();
    }

    /**
     * {@return the last answer of a peer, as long as it is connected}
     *
     * @param peer the peer
     */
    public Optional<IdentifyInfo> known(PeerId peer) {
        return known.find(peer);
    }

    /**
     * Pushes the current data of this host to every connected peer that supports pushes. Calls during a round share the next round.
     *
     * @return completes when the push to each of them has succeeded or failed
     */
    public CompletableFuture<Void> push() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        try {
            context.execute(() -> pushes.pushAll().whenComplete((done, failure) -> result.complete(null)));
        } catch (RejectedExecutionException e) {
            // The host is closed: there are no peers to tell.
            result.complete(null);
        }
        return result;
    }

    /** Asks each peer once on each connection, and forgets peers without connections. */
    private final class Peers implements ProtocolContext.ConnectionObserver {
        @Override
        public void established(Connection connection, int numEstablished) {
            pushes.established(connection.remotePeer());
            askInPassing(connection);
        }

        @Override
        public void closed(Connection connection, int numEstablished, CloseCause cause) {
            if (numEstablished == 0) {
                known.forget(connection.remotePeer());
                pushes.gone(connection.remotePeer());
            }
        }
    }

    private void lookAfter(Duration interval) {
        var unused = context.schedule(interval, () -> {
            try {
                pushes.pushChanges();
            } finally {
                lookAfter(interval);
            }
        });
    }

    private void askInPassing(Connection connection) {
        identify(connection).whenComplete((info, failure) -> {
            if (failure != null) {
                LOG.debug("connection={} identify failed error={}", connection.id(), failure.toString());
            }
        });
    }

    private void serve(ProtocolStream stream) {
        if (stream.protocol().equals(ID)) {
            answer(stream);
        } else {
            takePush(stream);
        }
    }

    /** Sends our data at once, then ends the stream, without waiting for the peer to end its side first (IDN-2). */
    private void answer(ProtocolStream stream) {
        Channel channel = stream.channel();
        IdentifyMessage message = current.messageTo(stream.connection(), current.get());
        var unusedWrite = channel.writeAndFlush(OwnIdentity.framed(message, channel.alloc()));
        var unusedClose = channel.close();
    }

    private void takePush(ProtocolStream stream) {
        CompletableFuture<IdentifyMessage> message = new CompletableFuture<>();
        ProtocolContext.tie(CompletableFuture.completedFuture(stream), message);
        context.expire(PUSH_ID, deadline, message);
        stream.pipeline().addLast(new IdentifyReader(message, incoming.share(stream.remotePeer())));
        Connection connection = stream.connection();
        CompletableFuture<IdentifyInfo> result = new CompletableFuture<>();
        message.whenComplete((read, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                learn(connection, read, true, result);
            }
        });
        result.whenComplete((info, failure) -> {
            if (failure != null) {
                LOG.debug("connection={} push not accepted error={}", connection.id(), failure.toString());
            }
        });
    }

    /** Keeps a peer's data, if it is about that peer. Event loop. */
    private void learn(
            Connection connection, IdentifyMessage message, boolean isPush, CompletableFuture<IdentifyInfo> result) {
        PeerId peer = connection.remotePeer();
        try {
            IdentifyContent.checkKey(message, peer);
        } catch (IdentifyFailedException e) {
            result.completeExceptionally(e);
            return;
        }
        context.execute(() -> {
            IdentifyInfo old = isPush ? known.get(peer) : null;
            IdentifyInfo info = IdentifyContent.update(message, old, connection.remoteKey());
            if (!host.connections(peer).isEmpty()) {
                writeDown(peer, info);
                if (known.put(peer, info)) {
                    pushes.pushWhatChangedMeanwhile(connection, info);
                }
            }
            context.tell(peer, () -> result.complete(info));
        });
    }

    /** This data is dropped with the connection, which is when its addresses are needed for a dial. */
    private void writeDown(PeerId peer, IdentifyInfo info) {
        if (info.listenAddresses().isEmpty()) {
            return;
        }
        try {
            host.addressBook().identified(peer, info.listenAddresses());
        } catch (Throwable e) { // errors and undeclared checked exceptions included: the book may be the application's
            LOG.error("address book threw peer={}", peer, e);
        }
    }
}
