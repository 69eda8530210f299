package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers get deferred notices once and in order, even if the event loop has ended. */
class LaterNoticesTest {
    private static final long SECONDS = 15;

    private final List<String> told = new ArrayList<>();

    @Test
    void tellsInOrderInATaskOfItsOwn() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        LaterNotices notices = notices(new Wire(channel.pipeline().firstContext()));
        notices.add(() -> {
            told.add("one");
            notices.add(() -> told.add("three"));
        });
        notices.add(() -> told.add("two"));
        assertThat(told).isEmpty();

        channel.runPendingTasks();
        assertThat(told).containsExactly("one", "two", "three");

        notices.add(() -> told.add("four"));
        channel.runPendingTasks();
        assertThat(told).containsExactly("one", "two", "three", "four");
        channel.finishAndReleaseAll();
    }

    @Test
    void tellsTheOthersWhenOneThrows() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        LaterNotices notices = notices(new Wire(channel.pipeline().firstContext()));
        notices.add(() -> {
            throw new IllegalStateException("provoked by the test");
        });
        notices.add(() -> told.add("two"));

        channel.runPendingTasks();
        channel.runPendingTasks(); // an embedded channel stops at a task that throws

        assertThat(told).containsExactly("two");
        assertThatThrownBy(channel::checkException).hasMessage("provoked by the test");
        channel.finishAndReleaseAll();
    }

    @Test
    void tellsAtOnceWhenTheEventLoopHasEnded() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        NioSocketChannel channel = new NioSocketChannel();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        assertThat(group.register(channel).await(SECONDS, TimeUnit.SECONDS)).isTrue();
        Wire wire = new Wire(channel.pipeline().firstContext());
        assertThat(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(SECONDS, TimeUnit.SECONDS))
                .isTrue();
        LaterNotices notices = notices(wire);

        notices.add(() -> {
            told.add("one");
            notices.add(() -> told.add("two"));
        });

        assertThat(told).containsExactly("one", "two");
    }

    private static LaterNotices notices(Wire wire) {
        return new LaterNotices(wire, new Turn(wire));
    }
}
