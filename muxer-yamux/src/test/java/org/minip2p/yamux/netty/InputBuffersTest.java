package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.yamux.Flags;

/** The buffers in which a handler of a stream gets the bodies of frames, for bodies of several lengths. */
@ParameterizedClass
@ValueSource(ints = {1, 32, 512, 513, 60_000})
class InputBuffersTest {
    private static final long ID = 1;

    private final String body;

    InputBuffersTest(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + i % 23));
        }
        body = text.toString();
    }

    /** The form in which the frame arrives. */
    private enum Form {
        OWN {
            @Override
            ByteBuf of(ByteBuf frame) {
                return frame;
            }
        },
        READ_ONLY {
            @Override
            ByteBuf of(ByteBuf frame) {
                return frame.asReadOnly();
            }
        },
        SLICE {
            @Override
            ByteBuf of(ByteBuf frame) {
                ByteBuf larger = ByteBufAllocator.DEFAULT
                        .buffer()
                        .writeLong(-1)
                        .writeBytes(frame)
                        .writeLong(-1);
                frame.release();
                try {
                    return larger.retainedSlice(Long.BYTES, larger.readableBytes() - 2 * Long.BYTES);
                } finally {
                    larger.release();
                }
            }
        },
        COMPOSITE {
            @Override
            ByteBuf of(ByteBuf frame) {
                int half = frame.readableBytes() / 2;
                return Unpooled.wrappedBuffer(frame.readRetainedSlice(half), frame);
            }
        };

        abstract ByteBuf of(ByteBuf frame);
    }

    /** Takes a copy of each buffer that it reads, by absolute index, as some of Netty's handlers do. */
    private static final class ByIndex extends ChannelInboundHandlerAdapter {
        final List<String> read = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                assertThat(in.readerIndex()).isZero();
                read.add(in.toString(0, in.writerIndex(), StandardCharsets.ISO_8859_1));
            } finally {
                in.release();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OWN", "READ_ONLY", "SLICE", "COMPOSITE"})
    void beginAtIndexZero(String form) {
        try (End end = new End(Role.RESPONDER)) {
            ByIndex handler = new ByIndex();
            end.onInbound = stream -> stream.pipeline().addLast(handler);
            ByteBuf frame =
                    Form.valueOf(form).of(Frame.data(Flags.SYN, ID, body).encode());

            end.receive(frame);

            assertThat(String.join("", handler.read)).isEqualTo(body);
        }
    }

    /** A handler in front of the session keeps what it passes on. */
    @ParameterizedTest
    @ValueSource(strings = {"OWN", "SLICE", "COMPOSITE"})
    void leaveAloneWhatSomebodyElseHolds(String form) {
        try (End end = new End(Role.RESPONDER)) {
            ByIndex handler = new ByIndex();
            end.onInbound = stream -> stream.pipeline().addLast(handler);
            ByteBuf frame =
                    Form.valueOf(form).of(Frame.data(Flags.SYN, ID, body).encode());
            String before = ByteBufUtil.hexDump(frame);
            ByteBuf held = frame.retainedDuplicate();
            try {
                end.receive(frame);

                assertThat(String.join("", handler.read)).isEqualTo(body);
                assertThat(ByteBufUtil.hexDump(held)).isEqualTo(before);
            } finally {
                held.release();
            }
        }
    }
}
