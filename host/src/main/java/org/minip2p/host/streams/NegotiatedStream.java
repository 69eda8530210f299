package org.minip2p.host.streams;

import io.netty.channel.socket.DuplexChannel;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/** What a protocol's handler gets: a channel of the muxer, on which a protocol was agreed. Immutable. */
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
