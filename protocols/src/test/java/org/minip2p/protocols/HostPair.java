package org.minip2p.protocols;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/** Two hosts on loopback, the first of which dials the second. */
final class HostPair implements AutoCloseable {
    final Host dialer;
    final Host listener;
    private final List<Host> others = new ArrayList<>();

    HostPair() throws Exception {
        dialer = newHost();
        listener = newHost();
    }

    /** One that listens; closed with the pair. */
    Host anotherHost() throws Exception {
        Host host = newHost();
        others.add(host);
        return host;
    }

    private static Host newHost() throws Exception {
        // Not listening yet: that comes when the protocols have been installed.
        return get(Host.builder().config(HostConfig.defaults()).eventLoops(1).start());
    }

    /** Dials; to be called when the protocols have been installed. */
    Connection connect() throws Exception {
        return connect(listener);
    }

    Connection connect(Host target) throws Exception {
        return get(dialer.dial(address(target)));
    }

    /** One more connection between the two. */
    Connection connectAgain() throws Exception {
        return get(dialer.dial(address(listener), DialOptions.when(DialCondition.ALWAYS)));
    }

    private static Multiaddr address(Host target) throws Exception {
        if (target.addresses().isEmpty()) {
            get(target.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        }
        return target.addresses().get(0);
    }

    /** The connection as the listener sees it. */
    Connection listenersEnd() throws Exception {
        return eventually(() -> listener.connection(dialer.peerId()).orElse(null));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    /** Looks until there is something. */
    static <T> T eventually(java.util.function.Supplier<@org.jspecify.annotations.Nullable T> look) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            T seen = look.get();
            if (seen != null) {
                return seen;
            }
            Thread.onSpinWait();
        }
        throw new TimeoutException("not seen within 10 s");
    }

    @Override
    public void close() throws Exception {
        get(dialer.closeAsync());
        get(listener.closeAsync());
        for (Host host : others) {
            get(host.closeAsync());
        }
    }
}
