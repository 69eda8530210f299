package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * The promise under which something is written to the connection, and what then happens, in one object: it is made for each write.
 *
 * <p>Confined to the connection's event loop.
 */
abstract class WirePromise extends DefaultChannelPromise {
    WirePromise(Channel connection) {
        super(connection);
    }

    /** The connection has taken it, or has failed to; called once. */
    abstract void done(@Nullable Throwable failure);

    // The four ways in which a connection completes a promise. setSuccess() and trySuccess() end here, too.

    @Override
    public final ChannelPromise setSuccess(@Nullable Void result) {
        super.setSuccess(null);
        done(null);
        return this;
    }

    @Override
    public final boolean trySuccess(@Nullable Void result) {
        boolean first = super.trySuccess(null);
        if (first) {
            done(null);
        }
        return first;
    }

    @Override
    public final ChannelPromise setFailure(Throwable cause) {
        super.setFailure(cause);
        done(cause);
        return this;
    }

    @Override
    public final boolean tryFailure(Throwable cause) {
        boolean first = super.tryFailure(cause);
        if (first) {
            done(cause);
        }
        return first;
    }
}
