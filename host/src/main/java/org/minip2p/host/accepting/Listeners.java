package org.minip2p.host.accepting;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.ListenFailedException;
import org.minip2p.transport.TcpTransport;

/** The sockets on which a host listens. Thread-safe. */
public final class Listeners {
    private final TcpTransport transport;
    private final AddressResolver resolver;
    final Acceptor acceptor;
    private final AcceptPace pace;
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * Listens nowhere yet.
     *
     * @param transport makes the sockets
     * @param resolver finds out what an address stands for
     * @param acceptor takes what they accept
     * @param pace pauses them
     */
    public Listeners(TcpTransport transport, AddressResolver resolver, Acceptor acceptor, AcceptPace pace) {
        this.transport = transport;
        this.resolver = resolver;
        this.acceptor = acceptor;
        this.pace = pace;
    }

    /**
     * Listens on one more address.
     *
     * @return completes when it does; fails with {@code ListenFailedException} or what else is wrong with the address
     */
    public CompletableFuture<Void> listen(Multiaddr address) {
        return resolver.resolve(address).thenCompose(found -> bind(address, found.get(0)));
    }

    private CompletableFuture<Void> bind(Multiaddr address, InetSocketAddress local) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        transport.listen(local, pace.pause(), acceptor).addListener(bound -> {
            if (bound.isSuccess()) {
                Channel channel = ((ChannelFuture) bound).channel();
                listening.add(new Listening(channel, local.getAddress()));
                if (closed) {
                    channel.close();
                }
                result.complete(null);
            } else {
                result.completeExceptionally(new ListenFailedException(address, bound.cause()));
            }
        });
        return result;
    }

    /** Where they can be dialed: real ports, the interfaces' addresses for a wildcard, each ending in the peer's {@code /p2p}. */
    public List<Multiaddr> addresses(PeerId self) {
        List<Multiaddr> addresses = new ArrayList<>();
        for (Listening each : listening) {
            each.bound().ifPresent(bound -> addresses.addAll(ListenAddresses.of(bound, self)));
        }
        return addresses;
    }

    /** Whether a dial to this address would end at one of them. */
    public boolean include(InetSocketAddress address) {
        for (Listening each : listening) {
            InetSocketAddress bound = each.bound().orElse(null);
            if (bound != null && ListenAddresses.include(bound, address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Accepts nothing any more.
     *
     * @return completes when all are closed
     */
    public CompletableFuture<Void> close() {
        closed = true;
        return CompletableFuture.allOf(
                listening.stream().map(each -> closed(each.channel)).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> closed(Channel listener) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        listener.close().addListener(done -> closed.complete(null));
        return closed;
    }

    /**
     * A socket that listens.
     *
     * @param asked the address that was asked for: a socket for every IPv4 address says of itself that it is one for IPv6
     */
    private record Listening(Channel channel, InetAddress asked) {
        /** Where it really listens; empty when it is closed. */
        Optional<InetSocketAddress> bound() {
            return channel.localAddress() instanceof InetSocketAddress bound
                    ? Optional.of(new InetSocketAddress(asked, bound.getPort()))
                    : Optional.empty();
        }
    }
}
