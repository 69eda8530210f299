package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.connections.ConnectionsInside.muxer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;

/**
 * The heap that an idle stream and an idle connection hold, both ends together. The benchmarks measure them closely.
 * The limits here are about 1.5 times as high, because other code runs in this JVM, too.
 */
class IdleMemoryTest {
    private static final int WARM_UP = 20;
    private static final int STREAMS = 2_000;
    private static final int CONNECTIONS = 100;
    private static final long MAX_STREAM_BYTES = 3 * 1024;
    private static final long MAX_CONNECTION_BYTES = 12 * 1024;
    private static final int MAX_BATCHES = 4;
    private static final int MANY = 10_000;
    private static final HostConfig CONFIG = HostConfig.defaults()
            .with(HostConfig.MAX_CONNECTIONS, MANY)
            .with(HostConfig.MAX_CONNECTIONS_PER_PEER, MANY)
            .with(HostConfig.MAX_INBOUND_STREAMS, MANY)
            .with(HostConfig.MAX_OUTBOUND_STREAMS, MANY)
            .with(HostConfig.IDLE_TIMEOUT, Duration.ZERO)
            .with(HostConfig.SUPERSEDED_TIMEOUT, Duration.ofHours(1));

    private final Hosts hosts = new Hosts();
    private final AtomicInteger answers = new AtomicInteger();
    private final Host listener = hosts.listener(CONFIG);
    private final Host dialer = hosts.start(Host.builder().config(CONFIG));

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void aStreamHoldsLessThan3KiB() throws Exception {
        Connection connection = await(dialer.dial(address(listener)));
        Answered answered = new Answered(answers);
        open(connection, WARM_UP, answered);
        long growth = Long.MAX_VALUE;
        int batches = 0;
        while (batches < MAX_BATCHES && growth >= STREAMS * MAX_STREAM_BYTES) {
            long before = heapBytes();
            open(connection, STREAMS, answered);
            batches++;
            growth = Math.min(growth, heapBytes() - before);
        }

        assertThat(growth).as("bytes held by a batch of streams").isLessThan(STREAMS * MAX_STREAM_BYTES);
        assertThat(muxer(connection).openStreams()).isEqualTo(WARM_UP + batches * STREAMS);
    }

    @Test
    void aConnectionHoldsLessThan12KiB() throws Exception {
        connect(WARM_UP);
        long growth = Long.MAX_VALUE;
        int batches = 0;
        while (batches < MAX_BATCHES && growth >= CONNECTIONS * MAX_CONNECTION_BYTES) {
            long before = heapBytes();
            connect(CONNECTIONS);
            batches++;
            growth = Math.min(growth, heapBytes() - before);
        }

        assertThat(growth).as("bytes held by a batch of connections").isLessThan(CONNECTIONS * MAX_CONNECTION_BYTES);
        assertThat(listener.connections()).hasSize(WARM_UP + batches * CONNECTIONS);
    }

    private void open(Connection connection, int count, Answered answered) throws InterruptedException {
        int expected = answers.get() + count;
        for (int i = 0; i < count; i++) {
            connection.openStream(ECHO, stream -> {
                stream.pipeline().addLast(answered);
                stream.channel().writeAndFlush(stream.channel().alloc().buffer().writeByte(1));
            });
        }
        awaitTrue("all have been answered", () -> answers.get() == expected);
    }

    /** Opens the connections one after the other, because the host would refuse so many at once. */
    private void connect(int count) {
        Multiaddr address = address(listener).withoutPeerId();
        for (int i = 0; i < count; i++) {
            await(await(dialer.dial(address, DialOptions.toAnyPeer())).ping());
        }
    }

    /**
     * The heap in use, or more. A garbage collection may leave objects that only the next one frees, and a running
     * thread of another test may have reserved room that it does not use yet. So the tests open several batches. What
     * is really held shows in each of them.
     */
    private static long heapBytes() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    /** Counts the answers on all streams. */
    @Sharable
    private static final class Answered extends SimpleChannelInboundHandler<ByteBuf> {
        private final AtomicInteger answers;

        Answered(AtomicInteger answers) {
            this.answers = answers;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            answers.addAndGet(in.readableBytes());
        }
    }
}
