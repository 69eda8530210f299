package org.minip2p.transport;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.TcpTarget;

/**
 * Turns a TCP multiaddr into socket addresses. Names are looked up on an executor of the caller's, since the system's resolver blocks;
 * literal addresses take no look-up.
 *
 * <p>Thread-safe.
 */
public final class AddressResolver {
    private static final String EXPECTED = "/ip4, /ip6, /dns, /dns4 or /dns6, then /tcp, and at most /p2p behind it";

    private final Executor executor;
    private final Duration timeout;

    /**
     * A resolver.
     *
     * @param executor runs the look-ups, which block
     * @param timeout how long one look-up may take
     */
    public AddressResolver(Executor executor, Duration timeout) {
        this.executor = executor;
        this.timeout = timeout;
    }

    /**
     * The socket addresses that a TCP multiaddr stands for, IPv6 first (MAD-32).
     *
     * @return fails with {@link UnsupportedAddressException} or {@link NameNotResolvedException}
     */
    public CompletableFuture<List<InetSocketAddress>> resolve(Multiaddr address) {
        TcpTarget target = address.tcp().orElse(null);
        if (target == null) {
            return CompletableFuture.failedFuture(new UnsupportedAddressException(address, EXPECTED));
        }
        String host = target.host().value();
        int port = target.port();
        return switch (target.host().protocol().text()) {
            case "ip4", "ip6" -> CompletableFuture.completedFuture(List.of(new InetSocketAddress(host, port)));
            case "dns" -> lookUp(host, port, found -> true);
            case "dns4" -> lookUp(host, port, Inet4Address.class::isInstance);
            case "dns6" -> lookUp(host, port, Inet6Address.class::isInstance);
            default -> CompletableFuture.failedFuture(new UnsupportedAddressException(address, EXPECTED));
        };
    }

    private CompletableFuture<List<InetSocketAddress>> lookUp(String host, int port, Predicate<InetAddress> wanted) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                List<InetSocketAddress> found = Stream.of(InetAddress.getAllByName(host))
                        .filter(wanted)
                        .sorted(Comparator.comparing(Inet4Address.class::isInstance))
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
                if (found.isEmpty()) {
                    result.completeExceptionally(
                            new NameNotResolvedException(host + " has no address of the family asked for", null));
                } else {
                    result.complete(found);
                }
            } catch (UnknownHostException e) {
                result.completeExceptionally(new NameNotResolvedException("unknown host " + host, e));
            }
        });
        giveUpInTime(result, host);
        return result;
    }

    /**
     * On the timer's own thread: the common pool may be full of the application's blocking work, the executor of stuck look-ups. Before
     * Java 21 a timer is given up only when what it is for completes normally, and a look-up may fail.
     */
    private void giveUpInTime(CompletableFuture<?> lookUp, String host) {
        CompletableFuture<Boolean> isLate =
                new CompletableFuture<Boolean>().completeOnTimeout(true, timeout.toMillis(), TimeUnit.MILLISECONDS);
        isLate.thenAccept(late -> {
            if (late) {
                lookUp.completeExceptionally(new NameNotResolvedException(
                        "no answer for " + host + " within " + timeout.toMillis() + " ms", null));
            }
        });
        lookUp.whenComplete((found, failure) -> isLate.complete(false));
    }
}
