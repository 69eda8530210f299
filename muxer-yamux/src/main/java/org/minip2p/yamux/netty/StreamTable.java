package org.minip2p.yamux.netty;

import io.netty.util.collection.IntCollections;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ResetCode;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamIdsExhaustedException;
import org.minip2p.yamux.StreamRefusal;
import org.minip2p.yamux.YamuxSession;
import org.minip2p.yamux.YamuxStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a connection by their ids, from their opening until they have ended completely; reports their number to the owner.
 *
 * <p>Confined to the connection's event loop, {@link #count} excepted.
 */
final class StreamTable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTable.class);

    /** The initial empty table. */
    private static final IntObjectMap<LocalStream> NONE = IntCollections.emptyMap();

    private final YamuxSession session;
    private final StreamContext context;
    private final YamuxListener listener;
    private IntObjectMap<LocalStream> streams = NONE;

    /** Ended streams whose ids the peer has reused. Honest peers do not do this. */
    private List<LocalStream> displaced = List.of();

    private boolean ended;
    private volatile int count;

    StreamTable(YamuxSession session, StreamContext context, YamuxListener listener) {
        this.session = session;
        this.context = context;
        this.listener = listener;
    }

    /** The streams that are open or waiting for their end, of both sides. Any thread. */
    int count() {
        return count;
    }

    /**
     * The stream with an id; null when there is none, or it has ended for the protocol.
     *
     * @param id unsigned 32 bits
     */
    @Nullable LocalStream get(long id) {
        LocalStream stream = streams.get((int) id);
        return stream == null || stream.isOver() ? null : stream;
    }

    /**
     * Opens a stream, whose pipeline can be used.
     *
     * @throws StreamIdsExhaustedException when no id is left
     */
    YamuxStreamChannel open() throws StreamIdsExhaustedException {
        return add(session.open(context.wire().nanoTime()));
    }

    /**
     * Accepts a stream that the peer has opened.
     *
     * @return null when its owner has refused it
     */
    @Nullable LocalStream accept(YamuxStream opened) {
        YamuxStreamChannel channel = add(opened);
        LocalStream stream = channel.local();
        try {
            listener.inboundStream(channel);
        } catch (Throwable failure) { // of the owner's code: this stream's affair, not the session's
            LOG.error("stream={} reset=listener-failed", channel.id(), failure);
            stream.reset(0);
        }
        if (!stream.life().isOpen()) {
            return null;
        }
        opened.accept();
        stream.output().queueControl();
        stream.life().activate();
        return stream;
    }

    /** A stream of the peer is refused: tells the owner. */
    void refused(StreamRefusal reason) {
        try {
            listener.streamRefused(reason);
        } catch (Throwable failure) { // of the owner's code
            LOG.error("connection={} listener-failed", context.wire().channel().id(), failure);
        }
    }

    private YamuxStreamChannel add(YamuxStream opened) {
        YamuxStreamChannel channel = new YamuxStreamChannel(context, opened);
        if (streams == NONE) {
            streams = new IntObjectHashMap<>(2);
        }
        LocalStream before = streams.put((int) opened.id(), channel.local());
        if (before != null) {
            if (displaced.isEmpty()) {
                displaced = new ArrayList<>();
            }
            displaced.add(before);
        }
        tellCount();
        channel.local().life().register();
        return channel;
    }

    /** Removes ended streams; returns whether there were any. */
    boolean release() {
        YamuxStream gone = context.pollReleased();
        if (gone == null) {
            return false;
        }
        do {
            remove(gone);
            session.ended(gone);
            if (gone.isPeerToBlame()) {
                session.provokedReset(context.wire().nanoTime());
            }
            tellCount();
        } while ((gone = context.pollReleased()) != null);
        return true;
    }

    private void remove(YamuxStream gone) {
        int id = (int) gone.id();
        LocalStream stream = streams.get(id);
        if (stream != null && stream.protocol() == gone) {
            streams.remove(id);
        } else {
            displaced.removeIf(other -> other.protocol() == gone);
        }
    }

    private void tellCount() {
        if (ended) {
            return;
        }
        count = session.openStreams();
        try {
            listener.streamCountChanged(count);
        } catch (Throwable failure) { // of the owner's code
            LOG.error("connection={} listener-failed", context.wire().channel().id(), failure);
        }
    }

    /** Whether a stream has something to finish before the connection may be shut down. */
    boolean isBusy() {
        for (LocalStream stream : streams.values()) {
            if (stream.output().isBusy()) {
                return true;
            }
        }
        return false;
    }

    /** The connection exceeds its budget: resets the stream that holds most. */
    void resetGreediest() {
        LocalStream greediest = greedier(greedier(null, streams.values()), displaced);
        long held = greediest == null ? 0 : greediest.heldBytes();
        if (greediest != null && held > 0) {
            LOG.debug(
                    "connection={} stream={} reset=over-budget held={}",
                    context.wire().channel().id(),
                    greediest.protocol().id(),
                    held);
            greediest.resetForFault(ResetCode.RESOURCE_LIMIT_EXCEEDED);
        }
    }

    private static @Nullable LocalStream greedier(@Nullable LocalStream one, Collection<LocalStream> others) {
        LocalStream greediest = one;
        for (LocalStream stream : others) {
            if (greediest == null || stream.heldBytes() > greediest.heldBytes()) {
                greediest = stream;
            }
        }
        return greediest;
    }

    /** The session has ended: streams that have not ended for the protocol fail; unread data of the others is kept for a while. */
    void fail(SessionClosedException cause, boolean byPeer) {
        for (LocalStream stream : streams.values().toArray(new LocalStream[0])) {
            if (stream.isOver()) {
                stream.sessionEndedBehind(cause);
            } else {
                stream.sessionEnded(cause, byPeer);
            }
        }
        List.copyOf(displaced).forEach(stream -> stream.sessionEndedBehind(cause));
    }

    /** Stops reporting streams. */
    void end() {
        ended = true;
        count = 0;
    }
}
