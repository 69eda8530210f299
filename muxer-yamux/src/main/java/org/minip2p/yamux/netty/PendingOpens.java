package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests for streams, in order, that wait until there is room. Confined to the connection's event loop. */
final class PendingOpens {
    /**
     * One request.
     *
     * @param initializer puts handlers into the new stream's pipeline
     * @param promise completed with the stream
     */
    record Open(Consumer<? super YamuxStreamChannel> initializer, Promise<YamuxStreamChannel> promise) {}

    private final YamuxHandler session;

    /** Made for the first that has to wait. */
    private @Nullable ArrayDeque<Open> waiting;

    private boolean opening;

    PendingOpens(YamuxHandler session) {
        this.session = session;
    }

    /** Opens a stream now, or when those before it are open and there is room. A request that is cancelled leaves the queue. */
    void add(Open open) {
        if (isEmpty() && session.mayOpen()) {
            session.openNow(open);
            return;
        }
        ArrayDeque<Open> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>();
            waiting = queue;
        }
        queue.add(open);
        open.promise().addListener(done -> {
            if (done.isCancelled() && waiting != null) {
                waiting.remove(open);
            }
        });
    }

    /** There may be room now. A loop: what ends and opens meanwhile does not nest. */
    void openWaiting() {
        if (opening || isEmpty()) {
            return;
        }
        opening = true;
        try {
            for (Open open; session.mayOpen() && (open = poll()) != null; ) {
                session.openNow(open);
            }
        } finally {
            opening = false;
        }
    }

    boolean isEmpty() {
        return waiting == null || waiting.isEmpty();
    }

    private @Nullable Open poll() {
        return waiting == null ? null : waiting.poll();
    }

    void fail(Throwable cause) {
        for (Open open; (open = poll()) != null; ) {
            open.promise().tryFailure(cause);
        }
    }
}
