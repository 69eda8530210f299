package org.minip2p.transport;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;
import org.minip2p.core.Printable;

/**
 * Looks up a {@code /dnsaddr}: the addresses in the TXT records of its name (MAD-33). It blocks no thread. It needs Netty's resolver, an
 * optional jar: see {@link #unavailability}.
 *
 * <p>The owner of the name writes the records: they are bounded, and untrusted until a handshake has proved the peer.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols/DNSADDR.md">multiaddr, DNSADDR</a>
 */
public final class DnsaddrResolver {
    /** The most addresses that one look-up returns; further records are ignored. */
    public static final int MAX_ADDRESSES = 32;

    private static final String PREFIX = "dnsaddr=";

    /** The most records read: a name that lists all peers of a network may have many that do not match the suffix. */
    private static final int MAX_RECORDS = 256;

    private static final int MAX_RECORD_CHARACTERS = 1024;
    private static final int MAX_RUNNING = 64;

    private final EventExecutor timer;
    private final Duration timeout;
    private final TxtRecords records;

    /** Look-ups that wait for a slot. Guarded by this. */
    private final Queue<LookUp> waiting = new ArrayDeque<>();

    /** Guarded by this. */
    private final Set<LookUp> running = new HashSet<>();

    /** Guarded by this. */
    private boolean closed;

    /**
     * For one host.
     *
     * @param transport its event loops drive the sockets
     * @param timer cancels a look-up that takes too long
     * @param timeout how long one look-up may take, from when it has a slot: 64 run at the same time
     * @param servers asked one after the other; empty for the system's
     */
    public DnsaddrResolver(
            Transport transport, EventExecutor timer, Duration timeout, List<InetSocketAddress> servers) {
        this(
                timer,
                timeout,
                isAvailable() && transport instanceof TcpTransport tcp ? Netty.records(tcp, timeout, servers) : null);
    }

    DnsaddrResolver(EventExecutor timer, Duration timeout, @Nullable TxtRecords records) {
        this.timer = timer;
        this.timeout = timeout;
        this.records = records != null
                ? records
                : name -> {
                    throw new IllegalStateException("there is no " + Jar.NAME + ", or no TCP transport");
                };
    }

    /**
     * {@return whether an address begins with {@code /dnsaddr}, and so stands for other addresses}
     *
     * @param address the address
     */
    public static boolean isDnsaddr(Multiaddr address) {
        return address.components().get(0).protocol() == MultiaddrProtocol.DNSADDR;
    }

    /**
     * Why this resolver cannot look up a {@code /dnsaddr}, with the name of the missing jar; empty when it can.
     *
     * @param address the address, for the message
     */
    static Optional<UnsupportedAddressException> unavailability(Multiaddr address) {
        return isAvailable()
                ? Optional.empty()
                : Optional.of(new UnsupportedAddressException(
                        address,
                        Jar.NAME + " on the class path, which looks it up, or an address with a host and a port"));
    }

    private static boolean isAvailable() {
        return Jar.IS_THERE;
    }

    /**
     * Makes one look-up; the results may begin with {@code /dnsaddr} again.
     *
     * @param address begins with {@code /dnsaddr}; what follows its name, usually a {@code /p2p}, is the required end of each result
     * @return at least one address and at most {@link #MAX_ADDRESSES}, in the order of the records, none twice; fails with
     *     {@link NameNotResolvedException}, also when no record fits, and with {@link UnsupportedAddressException} for another address
     */
    public CompletableFuture<List<Multiaddr>> resolve(Multiaddr address) {
        if (!isDnsaddr(address)) {
            return CompletableFuture.failedFuture(
                    new UnsupportedAddressException(address, "/dnsaddr at its beginning"));
        }
        LookUp lookUp = new LookUp(address);
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                waiting.add(lookUp);
            }
        }
        if (late) {
            lookUp.fail("the host is closed", null);
        }
        startNext();
        return lookUp.result;
    }

    private void startNext() {
        LookUp next;
        synchronized (this) {
            next = running.size() < MAX_RUNNING ? waiting.poll() : null;
            if (next == null) {
                return;
            }
            running.add(next);
        }
        next.start();
    }

    private void ended(LookUp lookUp) {
        synchronized (this) {
            waiting.remove(lookUp);
            running.remove(lookUp);
        }
        startNext();
    }

    /** Fails every look-up, including later ones. */
    public void close() {
        List<LookUp> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(waiting);
            all.addAll(running);
            waiting.clear();
        }
        all.forEach(each -> each.fail("the host is closed", null));
    }

    /** The addresses of valid records that end like the requested address. */
    private static List<Multiaddr> matching(Multiaddr asked, List<String> texts) {
        List<Multiaddr.Component> suffix =
                asked.components().subList(1, asked.components().size());
        return texts.stream()
                .filter(text -> text.startsWith(PREFIX) && text.length() <= MAX_RECORD_CHARACTERS)
                .limit(MAX_RECORDS)
                .flatMap(text -> parse(text.substring(PREFIX.length())).stream())
                .filter(found -> endsWith(found.components(), suffix))
                .distinct()
                .limit(MAX_ADDRESSES)
                .toList();
    }

    /** Records of a later version, and invalid ones, are skipped. */
    private static Optional<Multiaddr> parse(String text) {
        try {
            return Optional.of(Multiaddr.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static <T> boolean endsWith(List<T> list, List<T> suffix) {
        int from = list.size() - suffix.size();
        return from >= 0 && list.subList(from, list.size()).equals(suffix);
    }

    /** From when it has a slot until it ends. */
    private final class LookUp {
        private final Multiaddr asked;
        private final String name;
        private final CompletableFuture<List<Multiaddr>> result = new CompletableFuture<>();

        LookUp(Multiaddr asked) {
            this.asked = asked;
            this.name = "_dnsaddr." + asked.components().get(0).value();
            result.whenComplete((found, failure) -> ended(this));
        }

        void start() {
            AddressResolver.giveUpInTime(result, timer, shownName(), timeout);
            if (result.isDone()) {
                return; // the timer has ended
            }
            try {
                TxtRecords.Question question = records.ask(name);
                question.answer().whenComplete(this::answered);
                result.whenComplete((found, failure) -> question.close());
            } catch (Throwable e) { // whatever it is, the look-up is over
                fail(shownName() + " cannot be asked for: " + Printable.message(e), e);
            }
        }

        private void answered(@Nullable List<String> texts, @Nullable Throwable failure) {
            if (failure != null || texts == null) {
                Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
                fail(
                        "no TXT records of " + shownName()
                                + (cause == null ? "" : ": " + shown(Printable.message(cause))),
                        cause);
                return;
            }
            List<Multiaddr> found = matching(asked, texts);
            if (found.isEmpty()) {
                fail(
                        shownName() + " has " + texts.size() + " TXT records, expected one with " + PREFIX
                                + " and an address" + suffix(),
                        null);
            } else {
                result.complete(found);
            }
        }

        private String suffix() {
            String text = asked.toString();
            String before = asked.components().get(0).toString();
            return text.length() == before.length() ? "" : " that ends in " + shown(text.substring(before.length()));
        }

        private String shownName() {
            return shown(name);
        }

        /** It may be another peer's text. */
        private String shown(String text) {
            return Printable.of(text);
        }

        void fail(String message, @Nullable Throwable cause) {
            result.completeExceptionally(new NameNotResolvedException(message, cause));
        }
    }

    /** Checked once, for the first {@code /dnsaddr}. */
    private static final class Jar {
        static final String NAME = "io.netty:netty-resolver-dns";
        static final boolean IS_THERE =
                isThere("io.netty.resolver.dns.DnsNameResolver") && isThere("io.netty.handler.codec.dns.DnsQuestion");

        private static boolean isThere(String type) {
            try {
                Class.forName(type, false, DnsaddrResolver.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }
    }

    /** Loaded only if the jar is present. */
    private static final class Netty {
        static TxtRecords records(TcpTransport transport, Duration timeout, List<InetSocketAddress> servers) {
            return new NettyTxtRecords(transport, timeout, servers);
        }
    }
}
