package org.minip2p.host.book;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.host.AddressBook;
import org.minip2p.host.HostEvent;
import org.minip2p.host.events.EventObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's calls of its address book, which may be the application's: reads it, updates it, flushes it. Exceptions of the book are
 * caught here. Confined to the host's peer executor.
 */
public final class BookKeeping implements EventObserver {
    /** How much a crash may lose. */
    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(30);

    /** A disk that hangs does not keep a host from closing. */
    private static final long LAST_FLUSH_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(BookKeeping.class);

    private final AddressBook book;
    private final EventExecutor peerExecutor;
    private final Executor blocking;
    private @Nullable ScheduledFuture<?> timer;
    private CompletableFuture<Void> flushing = CompletableFuture.completedFuture(null);

    /**
     * For one host.
     *
     * @param book the book; not called before
     * @param peerExecutor where it is called
     * @param blocking where it is flushed
     */
    public BookKeeping(AddressBook book, EventExecutor peerExecutor, Executor blocking) {
        this.book = book;
        this.peerExecutor = peerExecutor;
        this.blocking = blocking;
    }

    /** Starts to flush the book at intervals. */
    public void start() {
        long nanos = FLUSH_INTERVAL.toNanos();
        timer = peerExecutor.scheduleWithFixedDelay(this::flush, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** The addresses of a peer, best first. */
    public List<Multiaddr> find(PeerId peer) {
        try {
            return List.copyOf(book.addresses(peer));
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it may not be our code
            failed(e);
            return List.of();
        }
    }

    /** A dial has reached a peer. */
    public void reached(PeerId peer, Multiaddr address) {
        tell(known -> known.dialed(peer, address));
    }

    @Override
    public void onEvent(HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established && established.otherEstablished() == 0) {
            tell(known -> known.connected(established.connection().remotePeer()));
        } else if (event instanceof HostEvent.ConnectionClosed closed && closed.numEstablished() == 0) {
            tell(known -> known.disconnected(closed.connection().remotePeer()));
        }
    }

    private void tell(Consumer<AddressBook> news) {
        try {
            news.accept(book);
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it may not be our code
            failed(e);
        }
    }

    private static void failed(Throwable e) {
        LOG.error("address book threw", e);
    }

    /** Flushes the book, unless it is already being flushed. */
    private void flush() {
        if (flushing.isDone()) {
            flushing = write();
        }
    }

    private CompletableFuture<Void> write() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            blocking.execute(() -> {
                try {
                    book.flush();
                } catch (IOException e) {
                    LOG.warn("{} cannot be written error={}", book, Printable.message(e));
                } catch (Throwable e) { // errors and undeclared checked exceptions included: it may not be our code
                    failed(e);
                }
                written.complete(null);
            });
        } catch (RuntimeException | Error e) {
            LOG.warn("{} cannot be written: no thread is available error={}", book, Printable.message(e));
            written.complete(null);
        }
        return written;
    }

    /**
     * Flushes it for the last time.
     *
     * @return completes when it is flushed, or the flush takes too long
     */
    public CompletableFuture<Void> close() {
        if (timer != null) {
            timer.cancel(false);
        }
        CompletableFuture<Void> last = flushing.thenCompose(done -> write());
        ScheduledFuture<?> patience =
                peerExecutor.schedule(() -> last.complete(null), LAST_FLUSH_SECONDS, TimeUnit.SECONDS);
        last.whenComplete((done, failure) -> patience.cancel(false));
        return last;
    }
}
