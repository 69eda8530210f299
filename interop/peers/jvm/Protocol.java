package peer;

import io.libp2p.core.Connection;
import io.libp2p.core.P2PChannel;
import io.libp2p.core.multistream.ProtocolBinding;
import io.libp2p.core.multistream.ProtocolDescriptor;
import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A protocol that one Netty handler implements; it becomes active when the protocol is negotiated. */
final class Protocol implements ProtocolBinding<Object> {
    private final ProtocolDescriptor descriptor;
    private final Supplier<ChannelHandler> handlers;

    Protocol(String id, Supplier<ChannelHandler> handlers) {
        this.descriptor = new ProtocolDescriptor(id);
        this.handlers = handlers;
    }

    @Override
    public ProtocolDescriptor getProtocolDescriptor() {
        return descriptor;
    }

    @Override
    public CompletableFuture<Object> initChannel(P2PChannel stream, String selected) {
        ChannelHandler handler = handlers.get();
        stream.pushHandler(handler);
        return CompletableFuture.completedFuture(handler);
    }

    /** Opens a stream; the future ends with its handler when this is in place. */
    CompletableFuture<Object> open(Connection connection) {
        return connection.muxerSession().<Object>createStream(List.of(this)).getController();
    }
}
