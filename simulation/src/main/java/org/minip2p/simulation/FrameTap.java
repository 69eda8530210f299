package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.yamux.netty.YamuxHandler;

/**
 * Reads the unencrypted frames of one connection, and tracks the node-info exchanges that its own side has started: from the frame that
 * opens the stream until the answer ends or either side resets the stream.
 */
final class FrameTap extends ChannelDuplexHandler {
    /** What the first frame of an exchange contains, after the name of multistream-select. */
    private static final String PROPOSAL = NodeInfoHandshake.ID.value() + "\n";

    /**
     * An exchange that is in flight, as far as the frames show.
     *
     * @param stream the id of its stream
     * @param beganNanos when its first frame was written, by the clock of its host
     */
    record Exchange(int stream, long beganNanos) {}

    private final Node node;
    private final FrameReading read = new FrameReading(this::hasRead);
    private final FrameReading written = new FrameReading(this::writes);
    private final Set<Exchange> exchanges = new LinkedHashSet<>();
    private final StreamSocketChannel channel;
    private @Nullable Connection connection;

    private FrameTap(Node node, StreamSocketChannel channel) {
        this.node = node;
        this.channel = channel;
    }

    /** Installs a tap in front of the muxer of a socket, if the socket has a muxer and no tap yet. Called on the event loop. */
    static void install(Node node, StreamSocketChannel channel) {
        var muxer = channel.pipeline().context(YamuxHandler.class);
        if (muxer != null && channel.pipeline().get(FrameTap.class) == null) {
            channel.pipeline().addBefore(muxer.name(), null, new FrameTap(node, channel));
        }
    }

    /** The host has accepted the connection. */
    void established(Connection as) {
        connection = as;
        node.books().world().note(node.name(), name() + " is " + channel.socket());
    }

    /** The connection, once the host has accepted it. */
    @Nullable Connection connection() {
        return connection;
    }

    /** The exchanges that are in flight. */
    Set<Exchange> exchanges() {
        return exchanges;
    }

    /** Whether frames leave this side without delay, so that an exchange whose end was not seen has not ended. */
    boolean isPrompt() {
        return channel.isActive() && channel.isWritable() && !channel.isOutputShutdown();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            read.add(bytes);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            written.add(bytes);
        }
        ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        exchanges.clear();
        ctx.fireChannelInactive();
    }

    private void writes(FrameReading.Frame frame) {
        note("writes", frame);
        if (frame.has(FrameReading.SYN) && frame.head().contains(PROPOSAL)) {
            exchanges.add(new Exchange(frame.stream(), node.clock().nanoTime()));
        }
        if (frame.has(FrameReading.RST)) {
            ended(frame.stream());
        }
    }

    private void hasRead(FrameReading.Frame frame) {
        note("reads", frame);
        if (frame.has(FrameReading.FIN) || frame.has(FrameReading.RST)) {
            ended(frame.stream());
        }
    }

    private void ended(int stream) {
        exchanges.removeIf(each -> each.stream == stream);
    }

    private void note(String verb, FrameReading.Frame frame) {
        node.books().world().note(node.name(), name() + " " + verb + " " + frame);
    }

    /** The host's name for the connection once it has accepted it; before that, the socket. */
    private String name() {
        Connection known = connection;
        return known == null ? String.valueOf(channel.socket()) : "connection " + known.id();
    }
}
