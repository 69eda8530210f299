package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * One write of an application: a link of its stream's queue, and at the same time the promise under which the write's
 * last bytes are written to the connection. When the connection completes it, the application's promise is completed.
 *
 * <p>One object instead of a queue entry, a promise and a listener: it is made for each write.
 */
final class PendingWrite extends DefaultChannelPromise {
    final ByteBuf data;
    private final ChannelPromise application;
    private final Wire wire;

    @Nullable PendingWrite next;

    PendingWrite(Wire wire, ByteBuf data, ChannelPromise application) {
        super(wire.channel());
        this.wire = wire;
        this.data = data;
        this.application = application;
    }

    /** Drops the bytes that have not been written. */
    void fail(Throwable cause) {
        data.release();
        tryFailure(cause);
    }

    // The four ways in which a connection completes a promise. setSuccess() and trySuccess() end here, too.

    @Override
    public ChannelPromise setSuccess(@Nullable Void result) {
        super.setSuccess(null);
        written();
        return this;
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
        boolean first = super.trySuccess(null);
        if (first) {
            written();
        }
        return first;
    }

    @Override
    public ChannelPromise setFailure(Throwable cause) {
        super.setFailure(cause);
        application.tryFailure(cause);
        return this;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        boolean first = super.tryFailure(cause);
        if (first) {
            application.tryFailure(cause);
        }
        return first;
    }

    private void written() {
        wire.progressed();
        application.trySuccess();
    }
}
