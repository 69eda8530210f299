package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.host.PeerEnd;

/**
 * A client that writes and then ends its side or closes, for example for a log. The server does not answer, and both
 * ends close with their peer.
 */
class OneWayCompatibilityTest {
    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void whatAClientWritesBeforeItEndsItsSideArrivesAndEndsAsOnTcp(int lines) throws Exception {
        runs(lines, "ends its side", written -> ((DuplexChannel) written.channel()).shutdownOutput());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void whatAClientWritesBeforeItClosesArrivesAndEndsAsOnTcp(int lines) throws Exception {
        runs(lines, "closes", written -> written.addListener(ChannelFutureListener.CLOSE));
    }

    private static void runs(int lines, String endName, Consumer<ChannelFuture> end) throws Exception {
        List<String> results = new ArrayList<>();
        String text = "line\n".repeat(lines);
        String expected = "active " + "line ".repeat(lines) + "inactive";

        for (Carrier carrier : CARRIERS.all()) {
            String name = CARRIERS.newName();
            Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
            BlockingQueue<String> journal = new LinkedBlockingQueue<>();
            carrier.serve(
                    name,
                    PeerEnd.CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024), new StringDecoder(), new Journal(journal)));
            for (int i = 0; i < Carriers.STREAMS; i++) {
                send(carrier, name, text, end, thrown);

                assertThat(journal.poll(10, TimeUnit.SECONDS))
                        .as("channel %d over %s", i, carrier.name())
                        .isEqualTo(expected);
            }
            carrier.awaitNothingLeft(text);
            assertThat(thrown)
                    .as("thrown at the client over %s", carrier.name())
                    .isEmpty();
            results.add(String.format("%,d ok", Carriers.STREAMS));
        }
        ResultTable.add(
                "a client that writes " + lines + " lines and " + endName, CLOSE_WITH_PEER, Carriers.STREAMS, results);
    }

    private static void send(
            Carrier carrier, String name, String text, Consumer<ChannelFuture> end, Queue<Throwable> thrown)
            throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        carrier.open(name, PeerEnd.CLOSE_WITH_PEER, pipeline -> {
            pipeline.channel().closeFuture().addListener(done -> closed.complete(null));
            pipeline.addLast(new StringEncoder(), new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                    end.accept(ctx.writeAndFlush(text));
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    thrown.add(cause);
                }
            });
        });
        Carriers.await(closed, "the close", carrier);
    }

    /** Records everything that its handler is told. */
    private static final class Journal extends SimpleChannelInboundHandler<String> {
        private final BlockingQueue<String> journal;
        private final StringBuilder told = new StringBuilder();

        Journal(BlockingQueue<String> journal) {
            this.journal = journal;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            told.append("active ");
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            told.append(line).append(' ');
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            told.append(cause).append(' ');
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            journal.add(told + "inactive");
        }
    }
}
