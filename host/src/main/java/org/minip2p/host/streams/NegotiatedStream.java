package org.minip2p.host.streams;

import io.netty.channel.socket.DuplexChannel;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/** A muxer channel with an agreed protocol, for the protocol's handler. Immutable. */
final class NegotiatedStream implements ProtocolStream {
    private final Connection connection;
    private final YamuxStreamChannel channel;
    private final ProtocolId protocol;

    NegotiatedStream(Connection connection, YamuxStreamChannel channel, ProtocolId protocol) {
        this.connection = connection;
        this.channel = channel;
        this.protocol = protocol;
    }

    @Override
    public DuplexChannel channel() {
        return channel;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    @Override
    public Role role() {
        return channel.role();
    }

    @Override
    public void reset(long code) {
        channel.reset(code);
    }

    @Override
    public String toString() {
        return "stream " + channel.streamId() + " of connection " + connection.id() + " " + protocol;
    }
}
