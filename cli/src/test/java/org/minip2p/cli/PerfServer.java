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

/** A host that serves perf in its own way, and notes what was asked of it. */
final class PerfServer implements AutoCloseable {
    /** How a stream is served. */
    enum Form {
        /** The specification's: 8 bytes, an upload, its end; then the answer. */
        EIGHT_BYTES,
        /** The other one that there is: both sizes in 16 bytes, and no need for an end. */
        SIXTEEN_BYTES
    }

    /**
     * What one stream was about.
     *
     * @param connection its connection's id
     * @param uploaded how many bytes came, the request aside
     * @param wanted how many were asked for
     */
    record Exchange(String connection, long uploaded, long wanted) {}

    final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
    private final Form form;
    private final int refusedFrom;
    private final Host host;

    /**
     * Starts one.
     *
     * @param refusedFrom from which exchange on, counted from 1, streams are ended without an answer
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
                    ctx.close(); // An end within the request is an error there.
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
