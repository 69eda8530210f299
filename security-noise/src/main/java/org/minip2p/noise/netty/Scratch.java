package org.minip2p.noise.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.minip2p.noise.CipherState;

/**
 * Memory of the event loop: arrays in which messages are sealed and opened, and direct memory from which they are sealed. Used only within
 * one method, never kept: every connection of an event loop shares it.
 *
 * <p>A short message is faster there than in direct memory, with any cipher: a native call with a direct buffer costs more than copying a
 * few hundred bytes. Its array is short, too, because native code may copy the whole array.
 */
final class Scratch {
    /** The longest message, with its tag, that is copied to an array and back, in bytes. */
    static final int SHORT_BYTES = 512;

    private static final FastThreadLocal<ByteBuf> FOR_SHORT = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.wrappedBuffer(new byte[SHORT_BYTES]);
        }
    };

    private static final FastThreadLocal<ByteBuf> FOR_ALL = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.wrappedBuffer(
                    new byte[TransportMessageWriter.MAX_PLAIN_TEXT_BYTES + CipherState.TAG_BYTES]);
        }
    };

    /** Not pooled, since it lives as long as its thread, and the end of a thread is not reported. */
    private static final FastThreadLocal<ByteBuf> DIRECT = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(TransportMessageWriter.MAX_PLAIN_TEXT_BYTES));
        }
    };

    private Scratch() {}

    /** Direct memory for any plain text, empty. */
    static ByteBuf direct() {
        return DIRECT.get().clear();
    }

    /**
     * An array, empty, with the indices of a buffer.
     *
     * @param length of the message with its tag, in bytes
     */
    static ByteBuf of(int length) {
        return (length <= SHORT_BYTES ? FOR_SHORT : FOR_ALL).get().clear();
    }
}
