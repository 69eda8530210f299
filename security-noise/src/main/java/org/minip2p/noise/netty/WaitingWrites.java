package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;

/**
 * Writes that wait for their frame, each with its promise. Most connections usually have none, so the lists belong to the event loop,
 * which lends them.
 *
 * <p>Confined to the event loop that lent it.
 */
final class WaitingWrites {
    private static final int CAPACITY = 8;

    /** The number of lists that an event loop keeps, and the largest list that it keeps, in writes. */
    private static final int MAX_KEPT = 16;

    private static final int MAX_KEPT_WRITES = 128;

    private static final FastThreadLocal<ArrayDeque<WaitingWrites>> KEPT = new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<WaitingWrites> initialValue() {
            return new ArrayDeque<>(MAX_KEPT);
        }
    };

    private final ArrayDeque<ByteBuf> data = new ArrayDeque<>(CAPACITY);
    private final ArrayDeque<ChannelPromise> promises = new ArrayDeque<>(CAPACITY);
    private int most;

    private WaitingWrites() {}

    /** Borrows an empty list of this event loop. */
    static WaitingWrites borrow() {
        WaitingWrites kept = KEPT.get().poll();
        return kept == null ? new WaitingWrites() : kept;
    }

    /** Returns the empty list; its borrower must forget it. */
    void giveBack() {
        ArrayDeque<WaitingWrites> kept = KEPT.get();
        if (kept.size() < MAX_KEPT && most <= MAX_KEPT_WRITES) {
            kept.push(this);
        }
    }

    void add(ByteBuf bytes, ChannelPromise promise) {
        data.add(bytes);
        promises.add(promise);
        most = Math.max(most, data.size());
    }

    boolean isEmpty() {
        return data.isEmpty();
    }

    /** The bytes of the first write. */
    ByteBuf first() {
        return data.element();
    }

    /** Removes the first write, and releases its bytes. */
    ChannelPromise remove() {
        data.remove().release();
        return promises.remove();
    }
}
