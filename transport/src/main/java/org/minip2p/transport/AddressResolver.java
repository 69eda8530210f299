package org.minip2p.transport;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;
import org.minip2p.core.Printable;
import org.minip2p.core.TcpTarget;

/**
 * Resolves a TCP multiaddr to socket addresses. Names are looked up on the caller's executor, since the system's resolver blocks; literal
 * addresses need no look-up.
 *
 * <p>Thread-safe.
 */
public final class AddressResolver {
    private static final String EXPECTED = "/ip4, /ip6, /dns, /dns4 or /dns6, then /tcp, and at most /p2p behind it";
    private static final String EXPECTED_TO_DIAL =
            "the address of a machine: one that stands for all of them is to listen on";

    /** Looks up the addresses of a name. */
    @FunctionalInterface
    public interface Names {
        /**
         * Blocks until there is an answer.
         *
         * @param host the name
         * @return the addresses of the host
         * @throws UnknownHostException when there is no address
         */
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    private final Executor executor;
    private final EventExecutor timer;
    private final Duration timeout;
    private final Names names;

    /**
     * A resolver that uses the system.
     *
     * @param executor runs the look-ups, which block, and cannot be interrupted: one that hangs must not hold up others
     * @param timer cancels a look-up that takes too long
     * @param timeout how long one look-up may take, from when the executor runs it
     */
    public AddressResolver(Executor executor, EventExecutor timer, Duration timeout) {
        this(executor, timer, timeout, InetAddress::getAllByName);
    }

    /**
     * A resolver with another source of names than the system.
     *
     * @param executor as above
     * @param timer as above
     * @param timeout as above
     * @param names called on the executor; its exceptions fail the look-up
     */
    public AddressResolver(Executor executor, EventExecutor timer, Duration timeout, Names names) {
        this.executor = executor;
        this.timer = timer;
        this.timeout = timeout;
        this.names = names;
    }

    /**
     * {@return why an address can never be dialed, whatever its names resolve to; empty when it can be tried, for {@code /dnsaddr} with
     * {@link DnsaddrResolver}}
     *
     * @param address the address
     */
    public static Optional<UnsupportedAddressException> undialable(Multiaddr address) {
        if (DnsaddrResolver.isDnsaddr(address)) {
            return DnsaddrResolver.unavailability(address);
        }
        TcpTarget target = address.tcp().orElse(null);
        if (target == null) {
            return Optional.of(new UnsupportedAddressException(address, EXPECTED));
        }
        return isLiteral(address) ? undialable(address, literal(target)) : Optional.empty();
    }

    /**
     * {@return the same for the result of a look-up} A connect to an unspecified address would reach this machine.
     *
     * @param address the address
     * @param found what the look-up of its name has found
     */
    public static Optional<UnsupportedAddressException> undialable(Multiaddr address, InetSocketAddress found) {
        return found.getAddress().isAnyLocalAddress()
                ? Optional.of(new UnsupportedAddressException(address, EXPECTED_TO_DIAL))
                : Optional.empty();
    }

    /**
     * {@return whether an address can be resolved without a look-up}
     *
     * @param address the address
     */
    public static boolean isLiteral(Multiaddr address) {
        return address.tcp()
                .map(target -> target.host().protocol())
                .filter(host -> host == MultiaddrProtocol.IP4 || host == MultiaddrProtocol.IP6)
                .isPresent();
    }

    /**
     * The socket addresses of a TCP multiaddr, IPv6 first (MAD-32). Never throws.
     *
     * @param address the address
     * @return fails with {@link UnsupportedAddressException}, {@link UnknownZoneException} or {@link NameNotResolvedException}
     */
    public CompletableFuture<List<InetSocketAddress>> resolve(Multiaddr address) {
        TcpTarget target = address.tcp().orElse(null);
        if (target == null) {
            return CompletableFuture.failedFuture(new UnsupportedAddressException(address, EXPECTED));
        }
        String host = target.host().value();
        int port = target.port();
        return switch (target.host().protocol()) {
            case IP4, IP6 -> zoned(address, target);
            case DNS -> lookUp(host, port, found -> true);
            case DNS4 -> lookUp(host, port, Inet4Address.class::isInstance);
            case DNS6 -> lookUp(host, port, Inet6Address.class::isInstance);
            default -> CompletableFuture.failedFuture(new UnsupportedAddressException(address, EXPECTED));
        };
    }

    private static CompletableFuture<List<InetSocketAddress>> zoned(Multiaddr address, TcpTarget target) {
        InetSocketAddress plain = literal(target);
        // Java converts an IPv4-mapped IPv6 address to IPv4, which has no zone.
        if (target.zone().isEmpty() || !(plain.getAddress() instanceof Inet6Address ip)) {
            return CompletableFuture.completedFuture(List.of(plain));
        }
        try {
            Inet6Address scoped = Zones.scoped(ip, Zones.named(address, target.zone()));
            return CompletableFuture.completedFuture(List.of(new InetSocketAddress(scoped, target.port())));
        } catch (UnknownZoneException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The value of a literal address is canonical, so this makes no look-up. */
    private static InetSocketAddress literal(TcpTarget target) {
        return new InetSocketAddress(target.host().value(), target.port());
    }

    private CompletableFuture<List<InetSocketAddress>> lookUp(String host, int port, Predicate<InetAddress> wanted) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                // Not earlier: the look-up does not run while it waits for a thread.
                giveUpInTime(result, host);
                if (!result.isDone()) { // the host may be closed
                    answer(host, port, wanted, result);
                }
            });
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(
                    new NameNotResolvedException("no thread to look up " + host + ": " + Printable.message(e), e));
        }
        return result;
    }

    private void answer(
            String host, int port, Predicate<InetAddress> wanted, CompletableFuture<List<InetSocketAddress>> result) {
        try {
            List<InetSocketAddress> found = Stream.of(names.lookUp(host))
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
        } catch (Throwable e) { // a name provider may be foreign code
            result.completeExceptionally(
                    new NameNotResolvedException("look-up of " + host + " failed: " + Printable.message(e), e));
        }
    }

    private void giveUpInTime(CompletableFuture<?> lookUp, String host) {
        giveUpInTime(lookUp, timer, host, timeout);
    }

    /**
     * On a timer that never blocks: the common pool may be full of the application's blocking work, and the executor of stuck look-ups.
     * The timer is cancelled with its look-up.
     */
    static void giveUpInTime(CompletableFuture<?> lookUp, EventExecutor timer, String host, Duration timeout) {
        ScheduledFuture<?> late;
        try {
            late = timer.schedule(
                    () -> lookUp.completeExceptionally(new NameNotResolvedException(
                            "no answer for " + host + " within " + timeout.toMillis() + " ms", null)),
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            lookUp.completeExceptionally(
                    new NameNotResolvedException("no look-up of " + host + ": the host is closed", e));
            return;
        }
        // If the timer has ended meanwhile, its task is no longer needed, so its refusal can be ignored.
        lookUp.whenComplete((found, failure) -> late.cancel(false));
    }
}
