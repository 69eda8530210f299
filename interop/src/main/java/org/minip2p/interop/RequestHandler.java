package org.minip2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends random bytes, no faster than the channel can send them, ends its side, and collects the answer. Confined to the event loop. */
final class RequestHandler extends SimpleChannelInboundHandler<ByteBuf> {
    /** This many bytes of the answer are kept: enough for a digest and a length. */
    private static final int HEAD_BYTES = 128;

    private static final int PIECE_BYTES = 32 * 1024;

    /** When this side ends. */
    private enum End {
        AT_ONCE,
        AFTER_THE_FIRST_ANSWER,
        AFTER_THE_WHOLE_ANSWER,
        NEVER
    }

    private final int bytes;
    private final End end;
    private final SplittableRandom random;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> firstAnswer = new CompletableFuture<>();
    private final Sha256 sent = new Sha256();
    private final Sha256 received = new Sha256();
    private final byte[] head = new byte[HEAD_BYTES];
    private boolean isHeldBack;
    private boolean hasEnded;
    private @Nullable ChannelHandlerContext context;

    /**
     * Creates a request that ends its side.
     *
     * @param bytes its size, which is also the seed of its content
     */
    RequestHandler(int bytes) {
        this(bytes, End.AT_ONCE);
    }

    private RequestHandler(int bytes, End end) {
        this.bytes = bytes;
        this.end = end;
        this.random = new SplittableRandom(bytes);
    }

    /** Creates a request that leaves its side open. */
    static RequestHandler withoutEnd(int bytes) {
        return new RequestHandler(bytes, End.NEVER);
    }

    /** Creates a request that ends its side after all its bytes, but not before the first byte of the answer has arrived. */
    static RequestHandler endingAfterTheFirstAnswer(int bytes) {
        return new RequestHandler(bytes, End.AFTER_THE_FIRST_ANSWER);
    }

    /** Creates a request that ends its side when as many bytes have come back. */
    static RequestHandler endingAfterTheWholeAnswer(int bytes) {
        return new RequestHandler(bytes, End.AFTER_THE_WHOLE_ANSWER);
    }

    /** Creates a request that sends only its first byte; {@link #sendRest} sends the others and the end, in one flight. */
    static RequestHandler inTwoParts(int bytes) {
        RequestHandler request = new RequestHandler(bytes);
        request.isHeldBack = true;
        return request;
    }

    /** Sends what was held back. */
    void sendRest() {
        ChannelHandlerContext ctx = Objects.requireNonNull(context);
        ctx.executor().execute(() -> {
            isHeldBack = false;
            send(ctx);
        });
    }

    /** Completes with the first bytes that come back. */
    CompletableFuture<Void> firstAnswer() {
        return firstAnswer;
    }

    /** Completes at the end of the answer; fails when the stream ends otherwise. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        send(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        int now = isHeldBack ? 1 : bytes;
        while (sent.bytes() < now && ctx.channel().isWritable()) {
            byte[] piece = new byte[(int) Math.min(PIECE_BYTES, now - sent.bytes())];
            random.nextBytes(piece);
            ByteBuf data = ctx.alloc().buffer(piece.length).writeBytes(piece);
            sent.add(data);
            ctx.write(data);
        }
        if (sent.bytes() == bytes && !hasEnded && mayEnd()) {
            hasEnded = true;
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
        ctx.flush();
    }

    private boolean mayEnd() {
        return switch (end) {
            case AT_ONCE -> true;
            case AFTER_THE_FIRST_ANSWER -> received.bytes() > 0;
            case AFTER_THE_WHOLE_ANSWER -> received.bytes() == bytes;
            case NEVER -> false;
        };
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
        int known = (int) Math.min(head.length, received.bytes());
        data.getBytes(data.readerIndex(), head, known, Math.min(head.length - known, data.readableBytes()));
        received.add(data);
        firstAnswer.complete(null);
        send(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            String text = new String(head, 0, (int) Math.min(head.length, received.bytes()), StandardCharsets.UTF_8);
            answer.complete(new Answer(sent.bytes(), sent.hex(), received.bytes(), received.hex(), text));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        firstAnswer.completeExceptionally(cause);
        answer.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answer.completeExceptionally(new AssertionError("the stream closed after " + received.bytes()
                + " of the answer, " + sent.bytes() + " bytes given to it"));
    }
}
