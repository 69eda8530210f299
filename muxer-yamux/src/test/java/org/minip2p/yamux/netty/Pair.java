package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import org.minip2p.core.Role;
import org.minip2p.yamux.YamuxConfig;

/** Two ends connected in memory. Each receives what the other sends when {@link #pump} is called. */
final class Pair implements AutoCloseable {
    final End initiator;
    final End responder;

    Pair() {
        this(End.CONFIG);
    }

    Pair(YamuxConfig config) {
        initiator = new End(Role.INITIATOR, config);
        responder = new End(Role.RESPONDER, config);
    }

    /** Carries bytes back and forth until neither end sends any more. */
    void pump() {
        boolean moved;
        do {
            moved = carry(initiator, responder);
            moved |= carry(responder, initiator);
        } while (moved);
    }

    static boolean carry(End from, End to) {
        ByteBuf bytes = from.sentBytes();
        boolean any = bytes.isReadable();
        if (any) {
            to.receive(bytes);
        } else {
            bytes.release();
        }
        return any;
    }

    /** The other end of a stream. */
    YamuxStreamChannel other(YamuxStreamChannel stream) {
        return (initiator.inbound.containsKey(stream.streamId()) ? initiator : responder).inbound(stream.streamId());
    }

    @Override
    public void close() {
        initiator.close();
        responder.close();
    }
}
