package org.minip2p.noise.netty;

import static org.minip2p.noise.FramingException.Reason.INTERNAL;
import static org.minip2p.noise.FramingException.Reason.TOO_MANY_EMPTY_FRAMES;
import static org.minip2p.noise.FramingException.Reason.TRUNCATED;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.FramingException;
import org.minip2p.noise.TransportState;

/**
 * The stage of transport messages: plain bytes on the application's side, sealed frames on the network's. {@link NoiseHandshakeHandler}
 * installs it.
 *
 * <h2>Inbound</h2>
 * Each frame's plain text is fired as a separate buffer, which the receiver releases; empty ones are not fired (NOI-28). All frames of a read
 * are fired before one {@code channelReadComplete}.
 *
 * <h2>Outbound</h2>
 * Writes are packed into frames: see {@link TransportMessageWriter}. A promise completes when the socket has accepted the frame with the last
 * byte of the write. An accepted write cannot be cancelled, since its bytes may already be in a frame.
 *
 * <h2>Closing</h2>
 * {@code close} first writes accepted data, and so does removal; {@code disconnect} is a {@code close} for connected channels.
 * {@code DuplexChannel.shutdownOutput} passes no handler: flush before it. The end of the input between two frames is passed on; the muxer
 * decides whether it was expected (NOI-33).
 *
 * <h2>Failure</h2>
 * A frame that does not open or is too short, the end of the input inside a frame, too many empty frames, or used-up nonces: the listener is
 * called once. After that nothing is decrypted, received data is dropped, and waiting and new writes fail. The listener must close the
 * channel.
 *
 * <p>Confined to the channel's event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#encryption-and-io">Noise, encryption and I/O</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a promise is watched by whoever made it
public final class NoiseTransportHandler extends ChannelDuplexHandler {
    /**
     * The most empty frames in a row (NOI-30). No known peer sends any; each costs us some microseconds, so this many cost less than one
     * handshake.
     */
    static final int MAX_EMPTY_FRAMES_IN_A_ROW = 1_000;

    private final CipherState send;
    private final CipherState receive;
    private final SecureChannelListener listener;
    private final TransportMessageReader reader;
    private final TransportMessageWriter writer;
    /** Data that arrives while a frame is being fired, if a handler calls read then; nearly always null. */
    private @Nullable ArrayDeque<ByteBuf> arrivedMeanwhile;

    /** The kept bytes of a frame that were reported to the listener. */
    private int keptBytes;

    private boolean isReading;
    private boolean hasFired;
    private boolean isInputOpen = true;
    private int emptyFramesInARow;
    private boolean isOutputOpen = true;
    /** Why nothing more can be written; null when the channel is closed. */
    private @Nullable Throwable outputClosedBy;

    NoiseTransportHandler(TransportState transport, SecureChannelListener listener) {
        this.listener = listener;
        send = transport.send();
        receive = transport.receive();
        reader = new TransportMessageReader(receive);
        writer = new TransportMessageWriter(send);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().config().getRecvByteBufAllocator() instanceof ReceiveBuffers buffers) {
            reader.setBuffers(buffers);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (isReading) {
            if (arrivedMeanwhile == null) {
                arrivedMeanwhile = new ArrayDeque<>();
            }
            arrivedMeanwhile.add(in);
            return;
        }
        isReading = true;
        try {
            for (ByteBuf next = in; next != null; next = nextArrived()) {
                readFrames(ctx, next);
            }
        } finally {
            isReading = false;
        }
    }

    private @Nullable ByteBuf nextArrived() {
        if (arrivedMeanwhile == null) {
            return null;
        }
        ByteBuf next = arrivedMeanwhile.poll();
        if (next == null) {
            arrivedMeanwhile = null;
        }
        return next;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean needsMore = !hasFired && isInputOpen && !ctx.channel().config().isAutoRead();
        hasFired = false;
        tellKept();
        ctx.fireChannelReadComplete();
        if (needsMore) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endInput(ctx);
        } else if (event instanceof ChannelOutputShutdownEvent) {
            closeOutput(new ChannelOutputShutdownException("the output was shut down before a flush"));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endInput(ctx);
        closeOutput(null);
        ctx.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf data)) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new IllegalArgumentException(
                    "bytes are written here, not " + message.getClass().getName()));
            return;
        }
        if (!isOutputOpen) {
            data.release();
            promise.tryFailure(outputFailure());
            return;
        }
        if (!promise.setUncancellable()) {
            data.release();
            return;
        }
        if (!data.isReadable() && writer.isEmpty()) {
            ctx.write(data, promise);
            return;
        }
        try {
            writer.write(ctx, data, promise);
        } catch (CipherException e) {
            fail(ctx, e);
        } catch (RuntimeException | Error e) {
            fail(ctx, notWritten(e));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writeRest(ctx);
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        flush(ctx);
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (!writer.isEmpty()) {
            flush(ctx);
        }
        isInputOpen = false;
        reader.release();
        tellKept();
        wipeKeys();
    }

    /** Opens and fires the frames in a buffer, and releases it, or passes it on with the last frame. */
    @SuppressWarnings("ReferenceEquality") // whose buffer it is, not what is in it
    private void readFrames(ChannelHandlerContext ctx, ByteBuf in) {
        boolean isOurs = true;
        try {
            while (isOurs && isInputOpen) {
                ByteBuf plainText = reader.next(ctx.alloc(), in);
                if (plainText == null) {
                    break;
                }
                isOurs = plainText != in;
                deliver(ctx, plainText);
            }
        } catch (NoiseException e) {
            fail(ctx, e);
        } catch (RuntimeException | Error e) {
            fail(ctx, new FramingException(INTERNAL, "a frame could not be handled", e));
            throw e;
        } finally {
            if (isOurs) {
                in.release();
            }
        }
    }

    private void deliver(ChannelHandlerContext ctx, ByteBuf plainText) throws FramingException {
        if (plainText.isReadable()) {
            emptyFramesInARow = 0;
            hasFired = true;
            ctx.fireChannelRead(plainText);
            return;
        }
        plainText.release();
        emptyFramesInARow++;
        if (emptyFramesInARow > MAX_EMPTY_FRAMES_IN_A_ROW) {
            throw new FramingException(
                    TOO_MANY_EMPTY_FRAMES, "more than " + MAX_EMPTY_FRAMES_IN_A_ROW + " frames without data in a row");
        }
    }

    private void tellKept() {
        int kept = reader.keptBytes();
        if (kept != keptBytes) {
            int change = kept - keptBytes;
            keptBytes = kept;
            listener.memoryKept(change);
        }
    }

    private void endInput(ChannelHandlerContext ctx) {
        if (isInputOpen && reader.isInsideFrame()) {
            fail(ctx, new FramingException(TRUNCATED, "the input ended inside a frame"));
        }
        isInputOpen = false;
    }

    private void writeRest(ChannelHandlerContext ctx) {
        try {
            writer.writeRest(ctx);
        } catch (CipherException e) {
            fail(ctx, e);
        } catch (RuntimeException | Error e) {
            fail(ctx, notWritten(e));
        }
    }

    /** For example without memory for a frame: it is unknown how much of it was written. */
    private static FramingException notWritten(Throwable cause) {
        return new FramingException(INTERNAL, "a frame could not be written", cause);
    }

    private void closeOutput(@Nullable Throwable cause) {
        if (isOutputOpen) {
            isOutputOpen = false;
            outputClosedBy = cause;
        }
        if (!writer.isEmpty()) {
            writer.fail(outputFailure());
        }
    }

    private Throwable outputFailure() {
        return outputClosedBy != null ? outputClosedBy : new ClosedChannelException();
    }

    private void fail(ChannelHandlerContext ctx, NoiseException cause) {
        if (outputClosedBy instanceof NoiseException) {
            return;
        }
        isInputOpen = false;
        isOutputOpen = false;
        outputClosedBy = cause;
        reader.release();
        tellKept();
        writer.fail(cause);
        wipeKeys();
        listener.failed(ctx, cause);
    }

    private void wipeKeys() {
        send.close();
        receive.close();
    }
}
