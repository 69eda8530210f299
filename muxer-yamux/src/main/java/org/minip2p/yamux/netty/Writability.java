package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Whether a stream is writable. Three things can prevent it: its queue is over the high water mark and not yet under
 * the low one; its window is used up; the connection is not writable.
 *
 * <p>The pipeline is notified when the first two change. The connection may have thousands of streams and change with
 * every frame, so only streams that noticed are notified when it becomes writable again: those that called
 * {@link #isWritable} or wrote while it was not.
 *
 * <p>Thread-safe: other threads call it, and their writes count before the event loop sees them.
 */
final class Writability implements Runnable {
    private static final AtomicLongFieldUpdater<Writability> PENDING =
            AtomicLongFieldUpdater.newUpdater(Writability.class, "pendingBytes");
    private static final AtomicIntegerFieldUpdater<Writability> REASONS =
            AtomicIntegerFieldUpdater.newUpdater(Writability.class, "reasons");
    private static final AtomicIntegerFieldUpdater<Writability> WAITING =
            AtomicIntegerFieldUpdater.newUpdater(Writability.class, "waiting");

    private static final int QUEUE = 1;
    private static final int WINDOW = 2;

    private final Channel channel;
    private final WritableWaiters waiters;
    private volatile long pendingBytes;
    private volatile int reasons;

    /** 1 while this stream is on the list of streams that wait for the connection. */
    private volatile int waiting;

    Writability(Channel channel, WritableWaiters waiters) {
        this.channel = channel;
        this.waiters = waiters;
    }

    boolean isWritable() {
        if (reasons != 0 || !channel.isOpen()) {
            return false;
        }
        if (waiters.isConnectionWritable()) {
            return true;
        }
        waitForConnection();
        return false;
    }

    /** The bytes in the queue, or in flight to it from other threads. */
    long pendingBytes() {
        return pendingBytes;
    }

    /** How much more may wait before the stream is not writable; 0 when it is not. */
    long bytesBeforeUnwritable() {
        return isWritable() ? Math.max(0, channel.config().getWriteBufferHighWaterMark() - pendingBytes + 1) : 0;
    }

    /** How much less has to wait for the stream to be writable; 0 when it is. */
    long bytesBeforeWritable() {
        return isWritable() ? 0 : Math.max(0, pendingBytes - channel.config().getWriteBufferLowWaterMark() + 1);
    }

    /** Whether so many bytes in the queue leave the stream writable. */
    boolean isBelowHighWaterMark(long queuedBytes) {
        return queuedBytes <= channel.config().getWriteBufferHighWaterMark();
    }

    void add(long bytes, boolean fireLater) {
        if (PENDING.addAndGet(this, bytes) > channel.config().getWriteBufferHighWaterMark()) {
            set(QUEUE, fireLater);
        }
    }

    void remove(long bytes, boolean fireLater) {
        if (PENDING.addAndGet(this, -bytes) < channel.config().getWriteBufferLowWaterMark()) {
            clear(QUEUE, fireLater);
        }
    }

    void windowClosed() {
        set(WINDOW, false);
    }

    void windowOpened() {
        clear(WINDOW, false);
    }

    /** After a write: tells the application once that the connection is not writable. */
    void checkConnection() {
        if (!waiters.isConnectionWritable() && waitForConnection() && reasons == 0) {
            fire(false);
        }
    }

    /** The connection is writable again, and this stream is off the list. */
    @Override
    public void run() {
        waiting = 0;
        if (reasons == 0 && channel.isOpen()) {
            fire(false);
        }
    }

    /** The stream has ended, and its queue is dropped; no notification is needed. */
    void drop(long bytes) {
        PENDING.addAndGet(this, -bytes);
    }

    private boolean waitForConnection() {
        if (waiting == 1 || !WAITING.compareAndSet(this, 0, 1)) {
            return false;
        }
        waiters.add(this);
        return true;
    }

    private void set(int reason, boolean fireLater) {
        if (REASONS.getAndAccumulate(this, reason, (now, bit) -> now | bit) == 0) {
            fire(fireLater);
        }
    }

    private void clear(int reason, boolean fireLater) {
        int before = REASONS.getAndAccumulate(this, reason, (now, bit) -> now & ~bit);
        if (before == reason) {
            fire(fireLater);
        }
    }

    private void fire(boolean later) {
        if (later) {
            channel.eventLoop().execute(channel.pipeline()::fireChannelWritabilityChanged);
        } else {
            channel.pipeline().fireChannelWritabilityChanged();
        }
    }
}
