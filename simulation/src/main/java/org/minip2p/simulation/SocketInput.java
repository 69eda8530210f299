package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a {@link StreamSocketChannel}: reads when its channel wants to and there is data, and fires the events of reads and
 * of the end in the same order as Netty's NIO channels.
 */
final class SocketInput {
    private final StreamSocketChannel channel;
    private boolean isWanted;
    private boolean isScheduled;
    private boolean isShutdown;
    private boolean hasToldOfEnd;

    /** Creates an input from which nothing is wanted yet. */
    SocketInput(StreamSocketChannel channel) {
        this.channel = channel;
    }

    /** Whether the input is shut down. */
    boolean isShutdown() {
        return isShutdown;
    }

    /** Shuts the input down. */
    void shutdown() {
        isShutdown = true;
    }

    /** The channel wants to read. */
    void want() {
        isWanted = true;
        wake();
    }

    /** Schedules a read if data is available and wanted. */
    void wake() {
        Socket from = channel.socket();
        if (!isScheduled
                && isWanted
                && !hasToldOfEnd
                && channel.isActive()
                && channel.isRegistered()
                && from != null
                && from.isReadable()) {
            isScheduled = true;
            channel.eventLoop().execute(this::readAll);
        }
    }

    @SuppressWarnings("deprecation") // as in Netty's own channels
    private void readAll() {
        isScheduled = false;
        Socket from = channel.socket();
        if (from == null || !channel.isOpen() || !isWanted) {
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        RecvByteBufAllocator.Handle handle = channel.unsafe().recvBufAllocHandle();
        handle.reset(channel.config());
        boolean atEnd = false;
        Throwable broken = null;
        do {
            if (from.isReset()) {
                broken = new SocketException("Connection reset");
                break;
            }
            ByteBuf buffer;
            try {
                buffer = handle.allocate(channel.config().getAllocator());
            } catch (OutOfMemoryError e) {
                broken = e; // this closes a NIO channel, too
                break;
            }
            handle.attemptedBytesRead(buffer.writableBytes());
            int count = from.read(buffer);
            atEnd = count == 0 && from.isAtEnd();
            handle.lastBytesRead(atEnd ? -1 : count);
            if (count == 0) {
                buffer.release();
                isWanted &= !atEnd;
                break;
            }
            handle.incMessagesRead(1);
            isWanted = false;
            pipeline.fireChannelRead(buffer);
        } while (handle.continueReading() && channel.isOpen());
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        over(pipeline, broken, atEnd);
        if (!isWanted && channel.config().isAutoRead()) {
            isWanted = !hasToldOfEnd;
        }
        wake();
    }

    /** Reports a failure or the end, if a read found one. */
    private void over(ChannelPipeline pipeline, @Nullable Throwable broken, boolean atEnd) {
        if (broken != null) {
            pipeline.fireExceptionCaught(broken);
            channel.unsafe().close(channel.voidPromise());
        } else if (atEnd && !isShutdown) {
            isShutdown = true;
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else if (atEnd && !hasToldOfEnd) {
            hasToldOfEnd = true;
            pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }
}
