package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.StreamIdsExhaustedException;
import org.minip2p.yamux.YamuxSession;

/** Requests to open streams that wait for a free slot, in order. Confined to the connection's event loop. */
final class PendingOpens {
    /**
     * One request.
     *
     * @param initializer puts handlers into the new stream's pipeline
     * @param promise completed with the stream
     */
    record Open(Consumer<? super YamuxStreamChannel> initializer, Promise<YamuxStreamChannel> promise) {}

    private final YamuxSession session;
    private final StreamTable streams;

    /** Created for the first request. */
    private @Nullable ArrayDeque<Open> waiting;

    PendingOpens(YamuxSession session, StreamTable streams) {
        this.session = session;
        this.streams = streams;
    }

    void add(Open open) {
        ArrayDeque<Open> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            waiting = queue;
        }
        queue.add(open);
    }

    /** A request that could not be served at once leaves the queue when it is cancelled. */
    void removeWhenCancelled(Open open) {
        open.promise().addListener(done -> {
            if (done.isCancelled() && waiting != null) {
                waiting.remove(open);
            }
        });
    }

    /** Opens a stream for the first request if there is room; returns whether there was a request, and room for it. */
    boolean openNext() {
        if (waiting == null || !session.canOpen()) {
            return false;
        }
        Open open = waiting.poll();
        if (open == null) {
            return false;
        }
        if (open.promise().setUncancellable()) {
            open(open);
        }
        return true;
    }

    private void open(Open open) {
        YamuxStreamChannel channel;
        try {
            channel = streams.open();
        } catch (StreamIdsExhaustedException exhausted) {
            open.promise().tryFailure(exhausted);
            return;
        }
        LocalStream stream = channel.local();
        try {
            open.initializer().accept(channel);
        } catch (Throwable failure) { // thrown by the caller's code: the caller gets it
            stream.reset(0);
            open.promise().tryFailure(failure);
            return;
        }
        stream.life().activate();
        stream.output().queueData();
        open.promise().trySuccess(channel);
    }

    /** No stream will be opened. */
    void fail(Throwable cause) {
        ArrayDeque<Open> failed = waiting;
        waiting = null;
        if (failed != null) {
            failed.forEach(open -> open.promise().tryFailure(cause));
        }
    }

    boolean isEmpty() {
        return waiting == null || waiting.isEmpty();
    }
}
