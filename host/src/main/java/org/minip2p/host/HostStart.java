package org.minip2p.host;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.events.Events;
import org.minip2p.host.observing.ObserverFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a host: creates it, checks its event loops, and listens. If one step fails, nothing of the host is left.
 */
final class HostStart {
    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private HostStart() {}

    /** As {@link HostBuilder#start}. */
    static CompletableFuture<Host> start(HostBuilder builder) {
        Host host;
        try {
            builder.openAddressBook();
            host = new Host(builder);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        ObserverFeed feed = host.parts.meter.feed();
        if (feed != null) {
            feed.tell(new HostObservation.HostStarted(host));
        }
        LOG.info(
                "host={} starting transport={} crypto={} config={}",
                host.peerId(),
                host.parts.transport,
                host.parts.noise.config().crypto().name(),
                host.config());
        var unused = host.parts.transport.lost().thenRun(() -> loopsEnded(host));
        return host.parts
                .transport
                .check()
                .thenCompose(usable -> listen(host, builder.listenAddresses))
                .handle((done, failure) -> failure)
                .thenCompose(failure -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(host);
                    }
                    return host.closeAsync().thenCompose(closed -> CompletableFuture.failedFuture(unwrapped(failure)));
                });
    }

    private static CompletableFuture<Void> listen(Host host, List<Multiaddr> addresses) {
        return CompletableFuture.allOf(addresses.stream().map(host::listen).toArray(CompletableFuture[]::new));
    }

    /** The host cannot work without them. */
    private static void loopsEnded(Host host) {
        LOG.warn("host={} closing: its event loops were shut down", host.peerId());
        var unused = host.closeAsync();
    }

    /** What went wrong, without the future's own wrapping. */
    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
