package org.minip2p.noise.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.core.Libp2pException;
import org.minip2p.noise.SecureSession;

/**
 * Receives the state of a channel's Noise, on its event loop. The listener must close the channel: the stages never do.
 *
 * <p>Exactly one of the two is called for a handshake, unless its handler is removed before; {@link #failed} may follow {@link #secured}, once,
 * when the transport stage fails.
 */
public interface SecureChannelListener {
    /**
     * The handshake is complete and the peer proven. The listener installs the next handler after {@code ctx}; data that it writes leaves
     * together with the last handshake message.
     *
     * @param ctx the context of the {@link NoiseTransportHandler}, already installed
     * @param session the proven peer
     */
    void secured(ChannelHandlerContext ctx, SecureSession session);

    /**
     * The handshake, or later the transport stage, has failed. From now on the stage discards its input and writes nothing.
     *
     * @param ctx the context of the failed stage
     * @param cause why
     */
    void failed(ChannelHandlerContext ctx, Libp2pException cause);

    /**
     * The memory that the transport stage keeps for an incomplete frame has changed. Called at the end of a read in which it has changed;
     * complete frames do not cause a call.
     *
     * @param change how much more is kept, in bytes; negative when less. The sum of all calls is zero when the stage is removed
     */
    default void memoryKept(int change) {}
}
