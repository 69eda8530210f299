package org.minip2p.host;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import org.minip2p.core.ProtocolId;

/**
 * A process with little memory. Its handlers write until a write fails, and never check whether the stream is writable.
 */
final class HeedlessWriter {
    /** Tasks of the event loop write to the streams of this protocol. */
    static final ProtocolId BY_TASKS = new ProtocolId("/heedless/tasks/1");

    /** A thread of the application writes to each stream of this protocol. */
    static final ProtocolId BY_A_THREAD = new ProtocolId("/heedless/thread/1");

    private static final int PIECE_BYTES = 16 << 10;

    private HeedlessWriter() {}

    /** Prints its address, and then the first failure of each stream's writes. Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Host host = Host.builder()
                .listen(Hosts.LOOPBACK)
                .handle(Hosts.ECHO, HALF_OPEN, Hosts::echo)
                .handle(BY_TASKS, HALF_OPEN, stream -> writeByTasks(stream.channel()))
                .handle(BY_A_THREAD, HALF_OPEN, stream -> new Thread(() -> writeByAThread(stream.channel())).start())
                .start()
                .join();
        System.out.println(host.addresses().get(0));
        while (System.in.read() >= 0) {
            // Ignores the content of the lines.
        }
        System.exit(0);
    }

    private static void writeByTasks(Channel channel) {
        ChannelFuture written = writePiece(channel);
        if (written.cause() != null) {
            tell(written.cause());
        } else {
            channel.eventLoop().execute(() -> writeByTasks(channel));
        }
    }

    private static void writeByAThread(Channel channel) {
        ChannelFuture written = writePiece(channel);
        while (written.cause() == null) {
            written = writePiece(channel);
        }
        tell(written.cause());
    }

    private static ChannelFuture writePiece(Channel channel) {
        return channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[PIECE_BYTES]));
    }

    private static synchronized void tell(Throwable failure) {
        System.out.println(failure.getClass().getSimpleName());
    }
}
