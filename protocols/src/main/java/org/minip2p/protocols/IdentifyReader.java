package org.minip2p.protocols;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Varint;
import org.minip2p.core.VarintException;
import org.minip2p.protocols.IdentifyFailedException.Reason;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * Reads the messages of an identify or push stream to its end and merges them into one: later single values win, lists are joined
 * (IDN-21). A message that is too long is refused before memory is allocated for it (IDN-20). Sends nothing (IDN-2, IDN-35).
 *
 * <p>For one stream, and confined to its event loop. The owner of the result resets the stream when the result fails.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify</a>
 */
final class IdentifyReader extends ChannelInboundHandlerAdapter {
    /** The longest message that is read, in bytes: what go and js allow (IDN-20). */
    static final int MAX_MESSAGE_BYTES = 8192;

    /** The most messages of one stream (IDN-21). */
    static final int MAX_MESSAGES = 10;

    /** Enough for every length up to the limit. */
    private static final int MAX_LENGTH_BYTES = Varint.size(MAX_MESSAGE_BYTES);

    /** The message contains no other message; unknown groups are skipped only to this depth. */
    private static final int MAX_RECURSION = 4;

    /** Each byte of a message may be an entry of a list, which takes this many bytes of heap. */
    static final int HEAP_BYTES_PER_BYTE = 16;

    private final CompletableFuture<IdentifyMessage> result;
    private final InboundBytes.Share memory;
    private final IdentifyMessage.Builder merged = IdentifyMessage.newBuilder();
    private final byte[] length = new byte[MAX_LENGTH_BYTES];
    private int lengthBytesRead;
    private byte @Nullable [] body;
    private int bodyBytesRead;
    private int messages;

    /**
     * A reader.
     *
     * @param result completes when the stream has ended and all of it was valid
     * @param memory counts the memory of the messages until then
     */
    IdentifyReader(CompletableFuture<IdentifyMessage> result, InboundBytes.Share memory) {
        this.result = result;
        this.memory = memory;
        result.whenComplete((message, failure) -> memory.close());
    }

    /** Takes over {@code message}. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !result.isDone()) {
                byte[] open = body;
                if (open == null) {
                    readLength(in);
                } else {
                    readBody(in, open);
                }
            }
        } catch (IdentifyFailedException e) {
            result.completeExceptionally(e);
        } finally {
            in.release();
        }
    }

    private void readLength(ByteBuf in) throws IdentifyFailedException {
        byte next = in.readByte();
        length[lengthBytesRead++] = next;
        boolean goesOn = next < 0;
        if (goesOn && lengthBytesRead < MAX_LENGTH_BYTES) {
            return;
        }
        if (messages == MAX_MESSAGES) {
            throw new IdentifyFailedException(
                    Reason.TOO_MANY_MESSAGES, "expected at most " + MAX_MESSAGES + " identify messages, got one more");
        }
        long value = goesOn ? Long.MAX_VALUE : decodedLength();
        if (value > MAX_MESSAGE_BYTES) {
            throw new IdentifyFailedException(
                    Reason.TOO_LONG,
                    "expected an identify message of at most " + MAX_MESSAGE_BYTES + " bytes, got "
                            + (goesOn ? "a length of more than " + MAX_LENGTH_BYTES + " bytes" : value));
        }
        if (!memory.tryTake(value * HEAP_BYTES_PER_BYTE)) {
            throw new IdentifyFailedException(
                    Reason.NO_ROOM,
                    "too many identify bytes of this peer or of all peers are being read: no room for " + value
                            + " bytes more");
        }
        lengthBytesRead = 0;
        bodyBytesRead = 0;
        if (value == 0) {
            messages++;
        } else {
            body = new byte[(int) value];
        }
    }

    private long decodedLength() throws IdentifyFailedException {
        try {
            return Varint.decode(ByteBuffer.wrap(length, 0, lengthBytesRead));
        } catch (VarintException e) {
            throw new IdentifyFailedException(Reason.MALFORMED, "the length of an identify message is not a varint", e);
        }
    }

    private void readBody(ByteBuf in, byte[] open) throws IdentifyFailedException {
        int count = Math.min(open.length - bodyBytesRead, in.readableBytes());
        in.readBytes(open, bodyBytesRead, count);
        bodyBytesRead += count;
        if (bodyBytesRead == open.length) {
            merge(open);
            body = null;
            messages++;
        }
    }

    private void merge(byte[] message) throws IdentifyFailedException {
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            in.setRecursionLimit(MAX_RECURSION);
            merged.mergeFrom(in, ExtensionRegistryLite.getEmptyRegistry());
            in.checkLastTagWas(0);
        } catch (IOException e) {
            throw new IdentifyFailedException(Reason.MALFORMED, "an identify message is not a protobuf message", e);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !result.isDone()) {
            if (messages > 0 && body == null && lengthBytesRead == 0) {
                result.complete(merged.build());
                ctx.close();
            } else {
                failCut();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failCut();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        result.completeExceptionally(cause);
        ctx.fireExceptionCaught(cause);
    }

    private void failCut() {
        if (!result.isDone()) {
            result.completeExceptionally(new IdentifyFailedException(
                    Reason.CUT,
                    "the stream ended after " + messages + " identify messages"
                            + (body == null ? "" : " and " + bodyBytesRead + " of " + body.length + " bytes")));
        }
    }
}
