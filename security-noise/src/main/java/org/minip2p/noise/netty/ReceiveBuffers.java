package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that a socket is read into. Their size adapts to the received data, as in Netty's {@code AdaptiveRecvByteBufAllocator}. In addition, an
 * incomplete frame is continued in its buffer: the next read is appended to its bytes, so that they need not be copied together.
 *
 * <p>A buffer that is continued arrives again with only the new bytes readable, so handlers in front count each byte once.
 *
 * <p>One for each channel, set before its first read:
 * <pre>{@code channel.config().setRecvByteBufAllocator(new ReceiveBuffers(channel.eventLoop().ticker()::nanoTime));}</pre>
 * Without it frames are copied together; nothing else changes. Confined to the channel's event loop.
 */
public final class ReceiveBuffers implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    private static final int MIN_BYTES = 64;
    private static final int FIRST_BYTES = 2_048;
    private static final int MAX_BYTES = 1 << 16;
    /** A buffer that was filled makes the next ones larger by this. */
    private static final int GROWTH = 16;
    /** Reads in a row before other channels get their turn: Netty's default for TCP. */
    private static final int MAX_READS_IN_A_ROW = 16;
    /** Reads in a row that took longer than this, with all that they brought about, give other channels their turn: so many reads of bulk take less. */
    private static final long MAX_NANOS_IN_A_ROW = 2_000_000;

    private @Nullable ChannelConfig config;
    private @Nullable ByteBuf continued;
    /** The buffer of the last read; not retained. */
    private @Nullable ByteBuf last;

    private int size = FIRST_BYTES;
    private boolean wasSmall;
    /** Whether a buffer was continued since {@link #reset}: the rest of a frame does not show how much arrives at a time. */
    private boolean hasContinued;

    private final LongSupplier nanoTime;
    private long sinceNanos;
    private int reads;
    private int attemptedBytes;
    private int lastBytes;
    private int totalBytes;

    /** Buffers of one channel, which yields to others of its event loop after so many reads, however long they take. */
    public ReceiveBuffers() {
        this(() -> 0);
    }

    /**
     * Buffers of one channel, which yields to others of its event loop after so many reads, or 2 ms.
     *
     * @param nanoTime the clock of the event loop, in nanoseconds
     */
    public ReceiveBuffers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Appends the next reads to a buffer, until {@link #stopContinuing} or a call with another buffer.
     *
     * @param buffer direct, with room after its writer index; retained only for each read
     */
    void continueIn(ByteBuf buffer) {
        continued = buffer;
    }

    /** Whether the last read went into this buffer; only such a buffer may be continued, since the room after other buffers may belong to others. */
    @SuppressWarnings("ReferenceEquality") // whose buffer it is, not what is in it
    boolean isLast(ByteBuf buffer) {
        return last == buffer;
    }

    /** Reads into new buffers from now on. */
    void stopContinuing() {
        continued = null;
    }

    /** Returns itself, since it serves one channel. */
    @Override
    @SuppressWarnings("deprecation") // Netty's own channels ask for this type
    public Handle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        ByteBuf begun = continued;
        if (begun == null) {
            ByteBuf buffer = allocator.ioBuffer(size);
            last = buffer;
            return buffer;
        }
        hasContinued = true;
        last = begun;
        return begun.retain();
    }

    @Override
    public int guess() {
        return size;
    }

    @Override
    public void reset(ChannelConfig config) {
        this.config = config;
        sinceNanos = nanoTime.getAsLong();
        reads = 0;
        totalBytes = 0;
        hasContinued = false;
    }

    @Override
    public void incMessagesRead(int count) {
        reads += count;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attemptedBytes = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attemptedBytes;
    }

    @Override
    public void lastBytesRead(int bytes) {
        lastBytes = bytes;
        if (bytes <= 0) {
            return;
        }
        totalBytes = Math.addExact(totalBytes, bytes);
        if (bytes == attemptedBytes && bytes >= size) {
            adapt(bytes);
        }
    }

    @Override
    public int lastBytesRead() {
        return lastBytes;
    }

    @Override
    public boolean continueReading() {
        return attemptedBytes == lastBytes && mayContinue();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return maybeMoreData.get() && mayContinue();
    }

    private boolean mayContinue() {
        return config != null
                && config.isAutoRead()
                && reads < MAX_READS_IN_A_ROW
                && totalBytes > 0
                && nanoTime.getAsLong() - sinceNanos < MAX_NANOS_IN_A_ROW;
    }

    @Override
    public void readComplete() {
        if (!hasContinued) {
            adapt(totalBytes);
        }
    }

    private void adapt(int bytes) {
        if (bytes >= size) {
            size = Math.min(MAX_BYTES, size * GROWTH);
            wasSmall = false;
        } else if (bytes <= size / 2) {
            if (wasSmall) {
                size = Math.max(MIN_BYTES, size / 2);
            }
            wasSmall = !wasSmall;
        }
    }
}
