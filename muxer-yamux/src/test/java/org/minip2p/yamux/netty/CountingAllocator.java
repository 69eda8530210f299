package org.minip2p.yamux.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/** Remembers the size of the largest buffer that it was asked for. */
final class CountingAllocator extends AbstractByteBufAllocator {
    private int largestBytes;

    int largestBytes() {
        return largestBytes;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        largestBytes = Math.max(largestBytes, initialCapacity);
        return Unpooled.buffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public CompositeByteBuf compositeBuffer(int maxNumComponents) {
        throw new UnsupportedOperationException("nothing here composes buffers");
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
