package org.minip2p.protocols;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/** Two hosts on loopback. The first one dials the second one. */
final class HostPair implements AutoCloseable {
    final Host dialer;
    final Host listener;

    HostPair() throws Exception {
        this(HostConfig.defaults());
    }

    HostPair(HostConfig config) throws Exception {
        // The listener does not listen yet. It starts to listen when the protocols are installed.
        dialer = get(Host.builder().config(config).eventLoops(1).start());
        listener = get(Host.builder().config(config).eventLoops(1).start());
    }

    /** Dials the listener. Call this after installing the protocols. */
    Connection connect() throws Exception {
        return get(dialer.dial(address()));
    }

    /** Opens one more connection between the two. */
    Connection connectAgain() throws Exception {
        return get(dialer.dial(address(), DialOptions.when(DialCondition.ALWAYS)));
    }

    /** Makes the listener listen, if it does not listen yet. */
    void listen() throws Exception {
        if (listener.addresses().isEmpty()) {
            get(listener.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        }
    }

    private Multiaddr address() throws Exception {
        listen();
        return listener.addresses().get(0);
    }

    /** The listener's end of the connection. */
    Connection listenersEnd() throws Exception {
        return eventually(() -> listener.connection(dialer.peerId()).orElse(null));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    /** Looks again and again until there is a result. */
    static <T> T eventually(Supplier<@Nullable T> look) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            T seen = look.get();
            if (seen != null) {
                return seen;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        throw new TimeoutException("not seen within 10 s");
    }

    @Override
    public void close() {
        dialer.closeAsync().orTimeout(10, TimeUnit.SECONDS).join();
        listener.closeAsync().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
