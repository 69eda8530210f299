package org.minip2p.host;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * A stream on which a protocol was agreed: a Netty channel, and what libp2p knows of it.
 *
 * <p>The channel belongs to the event loop of its connection. What was written before {@code shutdownOutput()} or {@code close()} is
 * still sent, unlike on Netty's own channels; {@link #reset} drops it.
 *
 * <p>Immutable; the channel is as thread-safe as any Netty channel.
 */
public final class ProtocolStream {
    private final Connection connection;
    private final YamuxStreamChannel channel;
    private final ProtocolId protocol;

    ProtocolStream(Connection connection, YamuxStreamChannel channel, ProtocolId protocol) {
        this.connection = connection;
        this.channel = channel;
        this.protocol = protocol;
    }

    /** The stream as a Netty channel. */
    public DuplexChannel channel() {
        return channel;
    }

    /** The channel's pipeline. */
    public ChannelPipeline pipeline() {
        return channel.pipeline();
    }

    /** The connection that carries it. */
    public Connection connection() {
        return connection;
    }

    /** Who is at the other end. */
    public PeerId remotePeer() {
        return connection.remotePeer();
    }

    /** What is spoken on it. */
    public ProtocolId protocol() {
        return protocol;
    }

    /** INITIATOR when this side opened it. */
    public Role role() {
        return channel.role();
    }

    /** Ends both directions at once: unsent bytes are dropped, and the peer sees an error. Any thread. */
    public void reset() {
        channel.reset(0);
    }

    @Override
    public String toString() {
        return "stream " + channel.streamId() + " of connection " + connection.id() + " " + protocol;
    }
}
