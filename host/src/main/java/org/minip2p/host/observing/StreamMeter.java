package org.minip2p.host.observing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamResetException;
import org.minip2p.host.HostObservation.StreamClosed;
import org.minip2p.host.HostObservation.StreamEnd;
import org.minip2p.host.HostObservation.StreamFailed;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.HostObservation.StreamOpened;
import org.minip2p.host.recording.Recorder;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/**
 * Measures one stream: its protocol, its bytes, its end. The first handler of its pipeline, so that it sees the end before any other, and only
 * the exceptions of the muxer. Confined to the event loop.
 */
public final class StreamMeter extends ChannelDuplexHandler {
    private final HostMeter host;
    private final Role role;
    private final long connection;
    private final Recorder.@Nullable Stream recorded;
    private TrafficCounter.@Nullable Protocol protocol;
    private long openedNanos;
    private long bytesRead;
    private long bytesWritten;
    private @Nullable StreamFault fault;
    private @Nullable Throwable cause;
    private boolean isOver;

    StreamMeter(HostMeter host, Role role, long connection, Recorder.@Nullable Stream recorded) {
        this.host = host;
        this.role = role;
        this.connection = connection;
        this.recorded = recorded;
    }

    /** It has a protocol. Earlier bytes also count for this protocol. */
    public void named(ProtocolId id) {
        TrafficCounter.Protocol named = host.traffic().of(id);
        protocol = named;
        named.read(bytesRead);
        named.wrote(bytesWritten);
        openedNanos = host.now();
        host.tell(new StreamOpened(role, named.name()));
    }

    /** No protocol is agreed on, and the stream will end; the first reason counts. */
    public void notAgreed(StreamFault reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            int count = bytes.readableBytes();
            bytesRead += count;
            if (protocol != null) {
                protocol.read(count);
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            int count = bytes.readableBytes();
            bytesWritten += count;
            if (protocol != null) {
                protocol.wrote(count);
            }
        }
        ctx.write(message, promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        if (cause == null && (thrown instanceof StreamResetException || thrown instanceof SessionClosedException)) {
            cause = thrown;
        }
        ctx.fireExceptionCaught(thrown);
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        over(ctx);
        ctx.fireChannelUnregistered();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over(ctx);
    }

    private void over(ChannelHandlerContext ctx) {
        if (isOver) {
            return;
        }
        isOver = true;
        YamuxStreamChannel channel = (YamuxStreamChannel) ctx.channel();
        TrafficCounter.Protocol named = protocol;
        if (named == null) {
            failed(channel);
            return;
        }
        StreamClosed closed = new StreamClosed(
                role,
                named.name(),
                end(channel),
                cause instanceof StreamResetException reset && reset.byPeer() ? reset.code() : 0,
                host.since(openedNanos),
                bytesRead,
                bytesWritten);
        host.tell(closed);
        if (recorded != null) {
            recorded.ended(closed, connection, channel.streamId());
        }
    }

    private void failed(YamuxStreamChannel channel) {
        host.traffic().unknown().read(bytesRead);
        host.traffic().unknown().wrote(bytesWritten);
        StreamFailed failed = new StreamFailed(role, fault == null ? StreamFault.ENDED : fault);
        host.tell(failed);
        if (recorded != null) {
            recorded.failed(failed, connection, channel.streamId(), bytesRead, bytesWritten);
        }
    }

    private StreamEnd end(YamuxStreamChannel channel) {
        if (fault != null) {
            return StreamEnd.NOT_AGREED;
        }
        if (cause instanceof StreamResetException reset && reset.byPeer()) {
            return StreamEnd.RESET_BY_PEER;
        }
        if (cause instanceof SessionClosedException) {
            return StreamEnd.CONNECTION_ENDED;
        }
        return channel.isReset() ? StreamEnd.RESET_HERE : StreamEnd.CLOSED;
    }
}
