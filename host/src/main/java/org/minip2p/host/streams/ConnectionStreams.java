package org.minip2p.host.streams;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.ResetCode;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamOptions;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.yamux.StreamRefusal;
import org.minip2p.yamux.netty.YamuxHandler;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/** The streams of one connection, opened by either side. Each counts as a use of the connection. */
public final class ConnectionStreams {
    private final Connection connection;
    private final Uses uses;
    private final StreamNegotiation negotiation;
    private final HostMeter meter;

    // Created for the first stream, since many connections are idle.
    private @Nullable StreamTail tail;
    private @Nullable NegotiationPlaces places;

    /**
     * No streams yet.
     *
     * @param connection the connection
     * @param uses counts them
     * @param negotiation negotiates their protocols
     */
    public ConnectionStreams(Connection connection, Uses uses, StreamNegotiation negotiation) {
        this.connection = connection;
        this.uses = uses;
        this.negotiation = negotiation;
        this.meter = negotiation.watch().meter();
    }

    /**
     * Opens a stream. The caller has taken a use, which the stream now owns. Any thread.
     *
     * @param muxer creates the stream
     * @param protocols the proposals, best first
     * @param options the options
     * @param timeout how long it may take by default
     * @param handler gets the stream
     */
    public CompletableFuture<ProtocolStream> open(
            YamuxHandler muxer,
            List<ProtocolId> protocols,
            StreamOptions options,
            Duration timeout,
            StreamHandler handler) {
        OutboundNegotiation outbound = new OutboundNegotiation(negotiation, tail(), protocols, options, handler);
        EventLoop eventLoop = connection.eventLoop();
        if (eventLoop.inEventLoop()) {
            open(muxer, outbound, timeout);
        } else {
            try {
                eventLoop.execute(() -> open(muxer, outbound, timeout));
            } catch (RejectedExecutionException e) {
                uses.release();
                outbound.notOpened(new ConnectionClosedException(
                        "connection " + connection.id() + " is closed: its event loop has ended"));
            }
        }
        return outbound.result();
    }

    private void open(YamuxHandler muxer, OutboundNegotiation outbound, Duration timeout) {
        Future<YamuxStreamChannel> opening = muxer.openStream(outbound::start);
        opening.addListener(opened -> {
            if (opened.isSuccess()) {
                StreamUse use = new StreamUse(uses);
                outbound.opened(use);
                opening.getNow().closeFuture().addListener(use);
            } else {
                uses.release();
                outbound.notOpened(opened.cause());
            }
        });
        outbound.limit(opening, connection.eventLoop(), timeout);
    }

    /** The peer has opened a stream: it negotiates, or is reset. Event loop. */
    public void accept(YamuxStreamChannel stream) {
        if (!uses.tryTake()) {
            refused(StreamFault.CONNECTION_CLOSED);
            stream.reset(ResetCode.SHUTDOWN);
            return;
        }
        StreamUse use = new StreamUse(uses);
        stream.closeFuture().addListener(use);
        NegotiationPlaces limited = places();
        if (limited.tryTake()) {
            new InboundNegotiation(negotiation, tail(), limited, stream, use).start();
        } else {
            refused(StreamFault.TOO_MANY);
            stream.refuse(ResetCode.RESOURCE_LIMIT_EXCEEDED);
        }
    }

    /** The muxer has refused a stream of the peer. Event loop. */
    public void refused(StreamRefusal reason) {
        refused(
                switch (reason) {
                    case SHUTTING_DOWN -> StreamFault.CONNECTION_CLOSED;
                    case TOO_MANY_OPEN -> StreamFault.TOO_MANY_OPEN;
                    case TOO_MANY_UNACKNOWLEDGED -> StreamFault.TOO_MANY_UNACKNOWLEDGED;
                });
    }

    private void refused(StreamFault fault) {
        meter.streamFailed(Role.RESPONDER, fault, connection.id());
    }

    /** The handlers of a protocol left a stream half-open: logs this once per protocol. */
    public void halfOpenTimedOut(YamuxStreamChannel stream) {
        negotiation.halfOpenTimedOut(stream);
    }

    /** Any thread: creating two of them is harmless. */
    private StreamTail tail() {
        StreamTail made = tail;
        if (made == null) {
            made = new StreamTail(connection, negotiation.watch());
            tail = made;
        }
        return made;
    }

    /** Event loop. */
    private NegotiationPlaces places() {
        NegotiationPlaces made = places;
        if (made == null) {
            made = new NegotiationPlaces(negotiation.maxNegotiating());
            places = made;
        }
        return made;
    }
}
