package org.minip2p.host.accepting;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostClosedException;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.ListenFailedException;
import org.minip2p.transport.Transport;

/**
 * The sockets on which a host listens. Closing them also closes pending binds. Thread-safe.
 *
 * <h2>Both wildcards on one port</h2>
 *
 * A socket that is bound to {@code ::} also accepts IPv4, and Java cannot turn that off. So one socket serves {@code /ip6/::} and
 * {@code /ip4/0.0.0.0} if both are requested on one port; {@code 0.0.0.0} alone opens no IPv6.
 */
public final class Listeners {
    private static final long FREED_AFTER_MILLIS = 20;

    private final Transport transport;
    private final AddressResolver resolver;
    final Acceptor acceptor;
    private final AcceptPace pace;
    private final Interfaces interfaces;

    /** Callers whose address is still being looked up: closing fails them. Guarded by this. */
    private final Set<Caller> waiting = new HashSet<>();

    /** The pending binds, which closing waits for: one follows the other. Guarded by this. */
    private CompletableFuture<Void> binding = CompletableFuture.completedFuture(null);

    /** Replaced as a whole, guarded by this; read on any thread. */
    private volatile List<Listening> listening = List.of();

    private volatile @Nullable Known known;
    private volatile boolean closed;

    /**
     * Creates the listeners without a socket.
     *
     * @param transport makes the sockets
     * @param resolver resolves addresses
     * @param acceptor gets the accepted sockets
     * @param pace pauses them
     * @param nanoTime the clock, in nanoseconds
     */
    public Listeners(
            Transport transport, AddressResolver resolver, Acceptor acceptor, AcceptPace pace, LongSupplier nanoTime) {
        this(transport, resolver, acceptor, pace, Interfaces.ofThisMachine(nanoTime));
    }

    Listeners(
            Transport transport, AddressResolver resolver, Acceptor acceptor, AcceptPace pace, Interfaces interfaces) {
        this.transport = transport;
        this.resolver = resolver;
        this.acceptor = acceptor;
        this.pace = pace;
        this.interfaces = interfaces;
    }

    /**
     * Listens on one more address.
     *
     * @return completes when it listens; fails with {@code ListenFailedException} or another error for the address, and with
     *     {@link HostClosedException} at once when the host is closed or closing
     */
    public CompletableFuture<Void> listen(Multiaddr address) {
        Caller caller = new Caller();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new HostClosedException());
            }
            waiting.add(caller);
        }
        resolver.resolve(address).whenComplete((found, failure) -> {
            if (failure == null) {
                bind(address, found.get(0), caller);
            } else if (stopWaiting(caller)) {
                caller.listens.completeExceptionally(failure);
            }
        });
        return caller.listens;
    }

    private synchronized boolean stopWaiting(Caller caller) {
        return waiting.remove(caller);
    }

    private void bind(Multiaddr address, InetSocketAddress local, Caller caller) {
        CompletableFuture<Void> bound;
        synchronized (this) {
            if (!stopWaiting(caller)) {
                return; // closing has failed it
            }
            bound = binding.thenCompose(before -> closed ? closedFailure() : bind(local));
            binding = bound.handle((done, failure) -> null);
        }
        bound.whenComplete((done, failure) -> {
            if (failure == null && !closed) {
                caller.listens.complete(null);
            } else if (closed) {
                caller.listens.completeExceptionally(new HostClosedException());
            } else {
                caller.listens.completeExceptionally(new ListenFailedException(address, cause(failure)));
            }
        });
    }

    private static CompletableFuture<Void> closedFailure() {
        return CompletableFuture.failedFuture(new HostClosedException());
    }

    private CompletableFuture<Void> bind(InetSocketAddress local) {
        Listening other = otherWildcard(local);
        if (other == null) {
            return open(local).thenAccept(channel -> add(channel, local));
        }
        if (other.at.getAddress() instanceof Inet6Address) {
            add(other.channel, local);
            return CompletableFuture.completedFuture(null);
        }
        return replace(other, local);
    }

    /** The socket on this wildcard's port for the other family. */
    private @Nullable Listening otherWildcard(InetSocketAddress local) {
        if (listening.stream().anyMatch(each -> each.at.equals(local))) {
            return null; // in use, as the system will say
        }
        return listening.stream()
                .filter(each -> local.getPort() != 0 && each.at.getPort() == local.getPort())
                .filter(each -> local.getAddress().isAnyLocalAddress()
                        && each.at.getAddress().isAnyLocalAddress()
                        && !each.at.getAddress().equals(local.getAddress()))
                .findFirst()
                .orElse(null);
    }

    /** A socket for both families replaces the one for IPv4; if it cannot be opened, the old one is opened again. */
    private CompletableFuture<Void> replace(Listening ip4, InetSocketAddress ip6) {
        return freed(ip4.channel)
                .thenCompose(free -> open(ip6))
                .handle((both, failure) -> {
                    if (failure == null) {
                        change(list -> {
                            list.remove(ip4);
                            list.add(new Listening(both, ip4.at));
                            list.add(new Listening(both, ip6));
                        });
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    change(list -> list.remove(ip4));
                    return open(ip4.at)
                            .thenAccept(channel -> add(channel, ip4.at))
                            .handle((again, lost) -> null)
                            .thenCompose(again -> CompletableFuture.<Void>failedFuture(cause(failure)));
                })
                .thenCompose(outcome -> outcome);
    }

    /** Closed, and the port is free: the event loop releases the socket only when it polls for events again. */
    private static CompletableFuture<Void> freed(Channel listener) {
        return Transport.close(listener).thenCompose(closed -> {
            CompletableFuture<Void> freed = new CompletableFuture<>();
            listener.eventLoop().schedule(() -> freed.complete(null), FREED_AFTER_MILLIS, TimeUnit.MILLISECONDS);
            return freed;
        });
    }

    private CompletableFuture<Channel> open(InetSocketAddress local) {
        CompletableFuture<Channel> result = new CompletableFuture<>();
        ChannelFuture binding = transport.listen(local, pace.pause(), acceptor);
        if (binding.isDone()) {
            bound(binding, result); // also when no event loop is left to report it
        } else {
            binding.addListener(done -> bound(binding, result));
            transport.lost().whenComplete((lost, none) -> result.completeExceptionally(new ClosedChannelException()));
        }
        return result;
    }

    private static void bound(ChannelFuture binding, CompletableFuture<Channel> result) {
        if (binding.isSuccess()) {
            result.complete(binding.channel());
        } else {
            result.completeExceptionally(binding.cause());
        }
    }

    /** With its actual port. A bind that completes after the end is also added: the end waits for it, and closes it. */
    private void add(Channel channel, InetSocketAddress local) {
        int port = channel.localAddress() instanceof InetSocketAddress bound ? bound.getPort() : local.getPort();
        change(list -> list.add(new Listening(channel, new InetSocketAddress(local.getAddress(), port))));
        if (local.getAddress().isAnyLocalAddress()) {
            interfaces.addresses(); // now there are descriptors to list the interfaces
        }
    }

    private interface Change {
        void make(List<Listening> list);
    }

    private synchronized void change(Change change) {
        List<Listening> changed = new ArrayList<>(listening);
        change.make(changed);
        listening = List.copyOf(changed);
    }

    /**
     * Where they can be dialed: with actual ports, and with the interfaces' addresses for a wildcard, each ending in the peer's
     * {@code /p2p}. The same list object until something changes; empty when they are closed.
     */
    public List<Multiaddr> addresses(PeerId self) {
        List<Listening> sockets = listening;
        if (closed || sockets.isEmpty()) {
            return List.of();
        }
        Set<InetAddress> machine = machineAddresses(sockets);
        Known last = known;
        if (last == null || last.sockets != sockets || last.machine != machine) {
            last = new Known(
                    sockets,
                    machine,
                    sockets.stream()
                            .flatMap(each -> ListenAddresses.of(each.at, machine, self).stream())
                            .distinct()
                            .toList());
            known = last;
        }
        return last.addresses;
    }

    private Set<InetAddress> machineAddresses(List<Listening> sockets) {
        boolean anyWildcard =
                sockets.stream().anyMatch(each -> each.at.getAddress().isAnyLocalAddress());
        return anyWildcard ? interfaces.addresses() : Set.of();
    }

    /** Whether a dial to this address would reach one of them. */
    public boolean include(InetSocketAddress address) {
        List<Listening> sockets = listening;
        if (sockets.stream().noneMatch(each -> each.at.getPort() == address.getPort())) {
            return false;
        }
        Set<InetAddress> machine = machineAddresses(sockets);
        return sockets.stream().anyMatch(each -> ListenAddresses.include(each.at, machine, address));
    }

    /**
     * Stops accepting. Callers that wait for a look-up fail at once.
     *
     * @return completes when all are closed, including pending binds
     */
    public CompletableFuture<Void> close() {
        List<Caller> callers;
        CompletableFuture<Void> unfinished;
        synchronized (this) {
            closed = true;
            callers = List.copyOf(waiting);
            waiting.clear();
            unfinished = binding;
        }
        callers.forEach(caller -> caller.listens.completeExceptionally(new HostClosedException()));
        return unfinished.thenCompose(bound -> CompletableFuture.allOf(
                listening.stream().map(each -> Transport.close(each.channel)).toArray(CompletableFuture[]::new)));
    }

    /** What went wrong, without the future's own wrapping. */
    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A caller that waits to listen on an address. */
    private static final class Caller {
        private final CompletableFuture<Void> listens = new CompletableFuture<>();
    }

    /**
     * An address to listen on.
     *
     * @param channel its socket, which may also serve another address
     * @param at the requested address, with the actual port: a socket for every IPv4 address may report an IPv6 address
     */
    private record Listening(Channel channel, InetSocketAddress at) {}

    /** The last result of {@link #addresses}, and its input. */
    private record Known(List<Listening> sockets, Set<InetAddress> machine, List<Multiaddr> addresses) {}
}
