package org.minip2p.cli;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Host;
import org.minip2p.host.PeerEnd;
import org.minip2p.protocols.Perf;

/** A host that serves perf in its own way and records the requests. */
final class PerfServer implements AutoCloseable {
    /** How a stream is served. */
    enum Form {
        /** As in the specification: 8 bytes, an upload and its end, and then the answer. */
        EIGHT_BYTES,
        /** The other form in use: both sizes in 16 bytes, so that the answer does not wait for the end. */
        SIXTEEN_BYTES
    }

    /**
     * An exchange on one stream.
     *
     * @param connection the id of its connection
     * @param uploaded the number of uploaded bytes, without the request
     * @param wanted the number of bytes that the client asked for
     */
    record Exchange(String connection, long uploaded, long wanted) {}

    final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
    private final Form form;
    private final int refusedFrom;
    private final Host host;

    /**
     * Starts a server.
     *
     * @param refusedFrom the first exchange, counted from 1, that is ended without an answer
     */
    PerfServer(Form form, int refusedFrom) throws Exception {
        this.form = form;
        this.refusedFrom = refusedFrom;
        host = get(Host.builder().start());
        host.handle(
                Perf.ID,
                PeerEnd.HALF_OPEN,
                stream -> stream.pipeline()
                        .addLast(new Stream(String.valueOf(stream.connection().id()))));
        get(host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    }

    String address() {
        return host.addresses().get(0).toString();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(15, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        host.close();
    }

    private final class Stream extends ChannelInboundHandlerAdapter {
        private final String connection;
        private long first;
        private long second;
        private long read;

        Stream(String connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            while (in.isReadable()) {
                int next = in.readUnsignedByte();
                if (read < Long.BYTES) {
                    first = first << Byte.SIZE | next;
                } else if (read < 2 * Long.BYTES) {
                    second = second << Byte.SIZE | next;
                }
                read++;
            }
            in.release();
            if (form == Form.SIXTEEN_BYTES && read >= 2 * Long.BYTES && read - 2 * Long.BYTES >= first) {
                answer(ctx, read - 2 * Long.BYTES, second);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                if (form == Form.EIGHT_BYTES) {
                    answer(ctx, read - Long.BYTES, first);
                } else {
                    ctx.close(); // In that form, an end inside the request is an error.
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        private void answer(ChannelHandlerContext ctx, long uploaded, long wanted) {
            exchanges.add(new Exchange(connection, uploaded, wanted));
            if (exchanges.size() < refusedFrom) {
                ctx.writeAndFlush(ctx.alloc().buffer().writeZero((int) wanted));
            }
            ctx.close();
        }
    }
}
