package org.minip2p.host;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.TcpTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections: one dial a peer at a time unless a caller insists, shared by all who ask for the peer meanwhile.
 *
 * <p>The methods that a host calls may be called from any thread; the rest is confined to the peer executor.
 */
final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);
    private static final String HOST_CLOSED = "the host is closed";

    private final HostServices services;
    private final TcpTransport transport;
    private final AddressResolver resolver;
    private final ConnectionTable table;
    private final Predicate<InetSocketAddress> own;
    private final Executor application;
    private final Backoff backoff = new Backoff();

    /** Shared dials, one a peer. */
    private final Map<PeerId, PeerDial> shared = new HashMap<>();

    /** All dials that are under way. */
    private final Set<PeerDial> all = new HashSet<>();

    private boolean closed;

    Dialer(
            HostServices services,
            TcpTransport transport,
            AddressResolver resolver,
            ConnectionTable table,
            Predicate<InetSocketAddress> own,
            Executor application) {
        this.services = services;
        this.transport = transport;
        this.resolver = resolver;
        this.table = table;
        this.own = own;
        this.application = application;
    }

    /** The live connection to a peer, the outcome of the dial that is under way, or that of a new one. */
    CompletableFuture<Connection> connect(PeerId peer, List<Multiaddr> addresses) {
        return onPeerExecutor(caller -> {
            Connection live = table.canonical(peer).orElse(null);
            if (live != null) {
                complete(caller, live);
                return;
            }
            PeerDial dial = shared.get(peer);
            if (dial != null) {
                dial.join(caller);
            } else {
                start(new PeerDial(this, services, peer, usable(peer, addresses), false), caller);
            }
        });
    }

    /** A dial of its own, if its condition holds. */
    CompletableFuture<Connection> dial(@Nullable PeerId peer, Multiaddr address, DialCondition condition) {
        return onPeerExecutor(caller -> {
            if (peer != null) {
                boolean connected = table.canonical(peer).isPresent();
                boolean dialing = all.stream().anyMatch(dial -> Objects.equals(peer, dial.peer()));
                if (!condition.allows(connected, dialing)) {
                    // Expected, so neither an event nor worth more than this.
                    LOG.trace(
                            "dial refused peer={} condition={} connected={} dialing={}",
                            peer,
                            condition,
                            connected,
                            dialing);
                    fail(caller, new DialRefusedException(peer, condition, connected, dialing));
                    return;
                }
            }
            start(new PeerDial(this, services, peer, List.of(address), true), caller);
        });
    }

    private CompletableFuture<Connection> onPeerExecutor(Consumer<CompletableFuture<Connection>> task) {
        CompletableFuture<Connection> caller = new CompletableFuture<>();
        try {
            services.peerExecutor().execute(() -> task.accept(caller));
        } catch (RejectedExecutionException e) {
            caller.completeExceptionally(new ConnectionDeniedException(HOST_CLOSED));
        }
        return caller;
    }

    private void start(PeerDial dial, CompletableFuture<Connection> caller) {
        PeerId peer = dial.peer();
        if (closed || services.events().isCongested()) {
            fail(
                    caller,
                    new ConnectionDeniedException(closed ? HOST_CLOSED : "too many events wait for the application"));
            return;
        }
        if (Objects.equals(services.self(), peer)) {
            fail(caller, new ConnectionDeniedException("the peer to dial is this host itself"));
            return;
        }
        all.add(dial);
        if (peer != null) {
            shared.putIfAbsent(peer, dial);
        }
        dial.join(caller);
        dial.start();
    }

    /** Leaves out what failed a moment ago, unless that is all there is. */
    private List<Multiaddr> usable(@Nullable PeerId peer, List<Multiaddr> addresses) {
        long now = System.nanoTime();
        List<Multiaddr> rested = addresses.stream()
                .filter(address -> !backoff.isActive(peer, address, now))
                .toList();
        return rested.isEmpty() ? addresses : rested;
    }

    CompletableFuture<List<InetSocketAddress>> resolve(Multiaddr address) {
        return resolver.resolve(address);
    }

    DialAttempt open(PeerDial dial, Multiaddr address, InetSocketAddress socket) throws ConnectionDeniedException {
        if (!services.gater().mayDial(address)) {
            throw new ConnectionDeniedException("the gater refused to dial " + address);
        }
        if (own.test(socket)) {
            // Whatever peer is said to be there: addresses of others come from others.
            throw new ConnectionDeniedException("this host itself listens on " + address);
        }
        return new DialAttempt(
                services, dial, address, socket, services.limits().dial(socket));
    }

    TcpTransport transport() {
        return transport;
    }

    ConnectionTable table() {
        return table;
    }

    /** A connection has been let in, dialed by either side. */
    void established(Connection connection) {
        PeerId peer = connection.remotePeer();
        backoff.succeeded(peer);
        PeerDial dial = shared.get(peer);
        if (dial != null && !dial.wantsItsOwn()) {
            dial.peerCame(connection);
        }
    }

    void addressFailed(@Nullable PeerId peer, Multiaddr address) {
        backoff.failed(peer, address, System.nanoTime());
    }

    void told(@Nullable PeerId peer, List<Multiaddr> addresses, DialFailedException failure) {
        if (!addresses.isEmpty()) {
            services.events()
                    .tell(
                            peer,
                            new HostEvent.OutgoingConnectionFailed(
                                    Optional.ofNullable(peer), addresses.get(0), failure));
        }
    }

    void over(PeerDial dial) {
        all.remove(dial);
        PeerId peer = dial.peer();
        if (peer != null) {
            shared.remove(peer, dial);
        }
    }

    /** Callers are told on the application's executor: what depends on the future may block there. */
    void complete(CompletableFuture<Connection> caller, Connection connection) {
        tell(() -> caller.complete(connection));
    }

    void fail(CompletableFuture<Connection> caller, Throwable cause) {
        tell(() -> caller.completeExceptionally(cause));
    }

    private void tell(Runnable completion) {
        try {
            application.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    /** Ends every dial. Peer executor. */
    void close() {
        closed = true;
        ConnectionDeniedException cause = new ConnectionDeniedException(HOST_CLOSED);
        new ArrayList<>(all).forEach(dial -> dial.giveUp(cause));
    }

    static Throwable unwrapped(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("failed without a cause") : failure;
    }
}
