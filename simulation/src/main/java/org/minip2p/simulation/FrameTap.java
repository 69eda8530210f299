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
 * Reads the frames of one connection where they are not encrypted, and knows the exchanges of node info that its own side has opened a
 * stream for: from the frame that opens it until the answer ends, or either side resets it.
 */
final class FrameTap extends ChannelDuplexHandler {
    /** Behind the name of multistream-select, in the first frame of a stream. */
    private static final String PROPOSAL = NodeInfoHandshake.ID.value() + "\n";

    /**
     * An exchange that is in flight, as far as frames tell.
     *
     * @param stream of it
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

    /** Puts one in front of the muxer of a socket, if that has one and none is there. Event loop. */
    static void install(Node node, StreamSocketChannel channel) {
        var muxer = channel.pipeline().context(YamuxHandler.class);
        if (muxer != null && channel.pipeline().get(FrameTap.class) == null) {
            channel.pipeline().addBefore(muxer.name(), null, new FrameTap(node, channel));
        }
    }

    /** The host has let it in. */
    void established(Connection as) {
        connection = as;
        node.books().world().note(node.name(), name() + " is " + channel.socket());
    }

    /** What it is, once the host has let it in. */
    @Nullable Connection connection() {
        return connection;
    }

    /** Those that are in flight. */
    Set<Exchange> exchanges() {
        return exchanges;
    }

    /** Whether what its side wants to say is said at once, so that an end that is not seen has not been. */
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

    /** As the host calls it, once the host has let it in. */
    private String name() {
        Connection known = connection;
        return known == null ? String.valueOf(channel.socket()) : "connection " + known.id();
    }
}
