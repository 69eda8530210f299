package org.minip2p.yamux.netty;

import io.netty.util.collection.IntCollections;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of a connection by their ids. Confined to the connection's event loop. */
final class StreamTable {
    /** The table of a connection that never had a stream. */
    private static final IntObjectMap<YamuxStreamChannel> NONE = IntCollections.emptyMap();

    private IntObjectMap<YamuxStreamChannel> live = NONE;

    /**
     * Streams that both ends have closed and whose last bytes have not been read: gone for the protocol, not for the memory. Most
     * connections never have one.
     */
    private Set<YamuxStreamChannel> unread = Set.of();

    /**
     * The live stream with an id.
     *
     * @param id unsigned 32 bits
     */
    @Nullable YamuxStreamChannel get(long id) {
        return live.get((int) id);
    }

    void add(YamuxStreamChannel stream) {
        if (live == NONE) {
            live = new IntObjectHashMap<>(2);
        }
        live.put((int) stream.streamId(), stream);
    }

    /** The protocol is done with a stream; its id may be used again. */
    void over(YamuxStreamChannel stream) {
        int id = (int) stream.streamId();
        if (live.get(id) == stream) {
            live.remove(id);
        }
        if (stream.hasUnread()) {
            if (unread.isEmpty()) {
                unread = new HashSet<>();
            }
            unread.add(stream);
        }
    }

    /** Nothing is left of a stream that is {@link #over}. */
    void gone(YamuxStreamChannel stream) {
        if (!unread.isEmpty()) {
            unread.remove(stream);
        }
    }

    /** Whether a live stream has something to finish before the connection may be shut down. */
    boolean isBusy() {
        for (YamuxStreamChannel stream : live.values()) {
            if (stream.isBusy()) {
                return true;
            }
        }
        return false;
    }

    /** The live streams, to be walked through while they end. */
    YamuxStreamChannel[] snapshot() {
        return live.values().toArray(new YamuxStreamChannel[0]);
    }

    /** The stream that holds most unread bytes; null when there are none. */
    @Nullable YamuxStreamChannel greediest() {
        YamuxStreamChannel greediest = greedier(greedier(null, live.values()), unread);
        return greediest == null || greediest.unreadBytes() == 0 ? null : greediest;
    }

    private static @Nullable YamuxStreamChannel greedier(
            @Nullable YamuxStreamChannel one, Collection<YamuxStreamChannel> others) {
        YamuxStreamChannel greediest = one;
        for (YamuxStreamChannel stream : others) {
            if (greediest == null || stream.unreadBytes() > greediest.unreadBytes()) {
                greediest = stream;
            }
        }
        return greediest;
    }
}
