package org.minip2p.host.compatibility;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Frames whose content depends on their numbers. */
final class Frames {
    private Frames() {}

    static byte[] frame(int number, int frame, int maxBytes) {
        byte[] content = new byte[(number * 31 + frame * 977) % maxBytes];
        Arrays.fill(content, (byte) (number + frame));
        return content;
    }

    static String digest(ByteBuf bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.nioBuffer());
        return bytes.readableBytes() + ":" + crc.getValue();
    }

    /** Sends each frame back. */
    static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            ctx.writeAndFlush(frame);
        }
    }
}
