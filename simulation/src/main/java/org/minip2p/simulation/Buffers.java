package org.minip2p.simulation;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The allocator of one machine's channels: it detects unreleased buffers, and can fail allocations. */
final class Buffers extends AbstractByteBufAllocator {
    private final UnpooledByteBufAllocator real = new UnpooledByteBufAllocator(true, false);
    private final World world;
    private int untilFailure;
    private int toFail;

    Buffers(World world) {
        super(true);
        this.world = world;
    }

    /** Makes {@code count} allocations fail, after {@code behind} allocations that succeed. */
    void fail(int behind, int count) {
        untilFailure = behind;
        toFail = count;
    }

    /** The number of unreleased bytes. */
    long usedBytes() {
        ByteBufAllocatorMetric metric = real.metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        failIfWanted(initialCapacity);
        return real.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        failIfWanted(initialCapacity);
        return real.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    private void failIfWanted(int bytes) {
        if (toFail > 0 && untilFailure-- <= 0) {
            toFail--;
            world.note("memory", "none for " + bytes + " bytes");
            throw Injected.noMemory(bytes);
        }
    }
}
