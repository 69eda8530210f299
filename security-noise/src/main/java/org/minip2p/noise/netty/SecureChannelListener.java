package org.minip2p.noise.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.core.Libp2pException;
import org.minip2p.noise.SecureSession;

/**
 * Told how a channel's Noise goes, on its event loop. What closes the channel is the listener's business: the stages never do.
 *
 * <p>Exactly one of the two is called for a handshake, unless its handler is removed before; {@link #failed} may follow {@link #secured}, once,
 * when the transport stage fails.
 */
public interface SecureChannelListener {
    /**
     * The handshake is complete and the peer proven. The listener installs what comes next behind {@code ctx}; what that writes leaves together
     * with the last handshake message.
     *
     * @param ctx that of the {@link NoiseTransportHandler}, already installed
     * @param session what was proven
     */
    void secured(ChannelHandlerContext ctx, SecureSession session);

    /**
     * The handshake, or later the transport stage, has failed. From now on the stage discards its input and writes nothing.
     *
     * @param ctx that of the stage that failed
     * @param cause why
     */
    void failed(ChannelHandlerContext ctx, Libp2pException cause);

    /**
     * A frame of which a part has come makes the transport stage keep memory until the rest comes, or keeps it no more. Told at the end of
     * a read in which that has changed; frames that come whole tell nothing.
     *
     * @param change how much more is kept, in bytes; negative when less. All of them together are zero when the stage is gone
     */
    default void memoryKept(int change) {}
}
