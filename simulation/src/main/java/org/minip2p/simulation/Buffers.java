package org.minip2p.simulation;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.UnpooledByteBufAllocator;

/** From which the channels of one machine have their buffers: what is not given back is seen, and some cannot be made. */
final class Buffers extends AbstractByteBufAllocator {
    private final UnpooledByteBufAllocator real = new UnpooledByteBufAllocator(true, false);
    private final World world;
    private int untilFailure;
    private int toFail;

    Buffers(World world) {
        super(true);
        this.world = world;
    }

    /** So many fail, behind so many that do not. */
    void fail(int behind, int count) {
        untilFailure = behind;
        toFail = count;
    }

    /** How many bytes were not given back. */
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
