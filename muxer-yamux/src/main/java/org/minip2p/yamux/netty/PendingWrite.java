package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * One write of an application: a link of its stream's queue, and at the same time the promise under which the write's
 * last bytes are written to the connection. When the connection completes it, the application's promise is completed.
 */
final class PendingWrite extends WirePromise {
    /** What a write costs beside its bytes. */
    private static final int WRITE_BYTES = 128;

    /** The stream that is written to. */
    interface Owner {
        /**
         * A write is done, and holds nothing any more.
         *
         * @param hasLeft whether the connection has taken it
         */
        void completed(PendingWrite write, boolean hasLeft);
    }

    final ByteBuf data;
    private final ChannelPromise application;
    private final Owner owner;
    private final int length;

    @Nullable PendingWrite next;

    PendingWrite(Wire wire, ByteBuf data, ChannelPromise application, Owner owner) {
        super(wire.channel());
        this.owner = owner;
        this.data = data;
        this.length = data.readableBytes();
        this.application = application;
    }

    /** Its bytes. */
    int length() {
        return length;
    }

    /** The memory that it holds until it is done, in bytes: as long as one slice of it has not left all of it stays. */
    long heldBytes() {
        return (long) length + WRITE_BYTES;
    }

    /** Drops the bytes that have not been written. */
    void fail(Throwable cause) {
        data.release();
        tryFailure(cause);
    }

    @Override
    void done(@Nullable Throwable failure) {
        owner.completed(this, failure == null);
        StreamOutput.complete(application, failure);
    }
}
