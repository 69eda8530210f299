package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last handler of a stream under test. It records everything that it receives. */
final class Recorder extends ChannelInboundHandlerAdapter {
    final List<String> events = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    long bytes;
    int reads;

    @Nullable Throwable error;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        reads++;
        bytes += in.readableBytes();
        if (bytes <= 10_000) {
            text.append(in.toString(StandardCharsets.ISO_8859_1));
        }
        in.release();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        events.add("writable=" + ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        events.add(event == ChannelInputShutdownEvent.INSTANCE ? "input-shutdown" : event.toString());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add("error");
        error = cause;
    }
}
