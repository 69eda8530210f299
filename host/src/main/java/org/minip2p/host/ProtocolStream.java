package org.minip2p.host;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;

/**
 * A stream with an agreed protocol: a Netty channel with its libp2p properties. Only the host creates it.
 *
 * <p>The channel belongs to the event loop of its connection. What was written before {@code shutdownOutput()} or {@code close()} is
 * still sent, unlike on Netty's own channels; {@link #reset} drops it.
 *
 * <p>Immutable; the channel is as thread-safe as any Netty channel.
 */
public interface ProtocolStream {
    /** {@return the stream as a Netty channel} */
    DuplexChannel channel();

    /** {@return the channel's pipeline} */
    default ChannelPipeline pipeline() {
        return channel().pipeline();
    }

    /** {@return the connection that carries it} */
    Connection connection();

    /** {@return the peer at the other end} */
    default PeerId remotePeer() {
        return connection().remotePeer();
    }

    /** {@return the protocol of the stream} */
    ProtocolId protocol();

    /** {@return {@link Role#INITIATOR} when this side opened it} */
    Role role();

    /**
     * Ends both directions at once: unsent bytes are dropped, and the peer sees an error. Does nothing to a stream that has ended. Any thread.
     */
    default void reset() {
        reset(0);
    }

    /**
     * As {@link #reset()}, and tells the peer why.
     *
     * @param code unsigned 32 bits, which the peer may show; libp2p's own codes start at 0x1000, 0 means none
     * @throws IllegalArgumentException when it has more bits
     */
    void reset(long code);
}
