package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.YamuxHeader;

/** A frame as tests write and compare it. */
record Frame(FrameType type, int flags, long id, long length, String body) {
    private static final List<FrameType> TYPES = List.of(FrameType.values());

    static Frame data(int flags, long id, String body) {
        return new Frame(FrameType.DATA, flags, id, body.length(), body);
    }

    static Frame windowUpdate(int flags, long id, long credit) {
        return new Frame(FrameType.WINDOW_UPDATE, flags, id, credit, "");
    }

    static Frame ping(int flags, long value) {
        return new Frame(FrameType.PING, flags, 0, value, "");
    }

    static Frame goAway(long code) {
        return new Frame(FrameType.GO_AWAY, Flags.NONE, 0, code, "");
    }

    static Frame reset(long id, long code) {
        return windowUpdate(Flags.RST, id, code);
    }

    ByteBuf encode() {
        ByteBuf out = header(type, flags, id, length);
        for (int i = 0; i < body.length(); i++) {
            out.writeByte(body.charAt(i));
        }
        return out;
    }

    /** A header without its body. */
    static ByteBuf header(FrameType type, int flags, long id, long length) {
        return Unpooled.buffer()
                .writeInt(YamuxHeader.firstWord(type, flags))
                .writeInt((int) id)
                .writeInt((int) length);
    }

    static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    }

    /** Reads one frame. */
    static Frame decode(ByteBuf in) {
        int word = in.readInt();
        FrameType type = TYPES.get((word >> 16) & 0xff);
        long id = in.readUnsignedInt();
        long length = in.readUnsignedInt();
        StringBuilder body = new StringBuilder();
        for (long i = 0; type == FrameType.DATA && i < length; i++) {
            body.append((char) in.readUnsignedByte());
        }
        return new Frame(type, word & 0xffff, id, length, body.toString());
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public String toString() {
        String text = body.length() <= 32 ? body : body.substring(0, 32) + "…";
        return type + " flags=" + flags + " id=" + id + " length=" + length + (body.isEmpty() ? "" : " '" + text + "'");
    }
}
