package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.StreamRefusal;
import org.minip2p.yamux.YamuxConfig;

/**
 * One end of a connection under test: a session on an embedded channel with its own virtual time. The test acts as the
 * peer, which sends and receives frames. Keep-alive is off unless the test's config turns it on.
 */
final class End implements AutoCloseable, YamuxListener {
    static final YamuxConfig CONFIG =
            YamuxConfig.defaults().with(YamuxConfig.KEEP_ALIVE_INTERVAL, java.time.Duration.ZERO);

    final EmbeddedChannel channel;
    final YamuxHandler yamux;
    final Valve valve = new Valve();
    final Map<Long, YamuxStreamChannel> inbound = new LinkedHashMap<>();
    final Map<Long, YamuxStreamChannel> outbound = new LinkedHashMap<>();
    final Map<Long, Recorder> recorders = new LinkedHashMap<>();
    final List<Integer> counts = new ArrayList<>();
    final List<StreamRefusal> refused = new ArrayList<>();
    Consumer<YamuxStreamChannel> onInbound = stream -> {};
    Consumer<YamuxStreamChannel> onTimeOut = stream -> {};
    final List<Long> timedOut = new ArrayList<>();
    int ended;

    @Nullable Throwable endCause;

    End(Role role) {
        this(role, CONFIG);
    }

    End(Role role, YamuxConfig config) {
        this(role, config, MemoryBudget.UNLIMITED, true);
    }

    End(Role role, YamuxConfig config, MemoryBudget budget, boolean started) {
        yamux = new YamuxHandler(role, config, this, budget);
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(valve, yamux);
        if (started) {
            yamux.start();
        }
    }

    @Override
    public void inboundStream(YamuxStreamChannel stream) {
        inbound.put(stream.streamId(), stream);
        Recorder recorder = new Recorder();
        recorders.put(stream.streamId(), recorder);
        onInbound.accept(stream);
        stream.pipeline().addLast(recorder);
    }

    @Override
    public void halfOpenTimedOut(YamuxStreamChannel stream) {
        timedOut.add(stream.streamId());
        onTimeOut.accept(stream);
    }

    @Override
    public void streamRefused(StreamRefusal reason) {
        refused.add(reason);
    }

    @Override
    public void streamCountChanged(int open) {
        counts.add(open);
    }

    @Override
    public void sessionEnded(@Nullable Throwable cause) {
        ended++;
        endCause = cause;
    }

    Recorder recorder(long id) {
        return Objects.requireNonNull(recorders.get(id), "no stream " + id);
    }

    YamuxStreamChannel inbound(long id) {
        return Objects.requireNonNull(inbound.get(id), "no inbound stream " + id);
    }

    /** The stream with this id, opened by either end. */
    YamuxStreamChannel channel(long id) {
        return Objects.requireNonNull(inbound.getOrDefault(id, outbound.get(id)), "no stream " + id);
    }

    /** Opens a stream with a recorder as its last handler. */
    YamuxStreamChannel open() {
        return open(stream -> {});
    }

    YamuxStreamChannel open(Consumer<YamuxStreamChannel> initializer) {
        Future<YamuxStreamChannel> future = tryOpen(initializer);
        if (!future.isSuccess()) {
            throw new AssertionError("not opened", future.cause());
        }
        return future.getNow();
    }

    Future<YamuxStreamChannel> tryOpen(Consumer<YamuxStreamChannel> initializer) {
        return yamux.openStream(stream -> {
            Recorder recorder = new Recorder();
            recorders.put(stream.streamId(), recorder);
            outbound.put(stream.streamId(), stream);
            stream.pipeline().addLast(recorder);
            initializer.accept(stream);
        });
    }

    /** Makes the connection take no more bytes. */
    void stall() {
        valve.shut();
    }

    /** Makes the connection take bytes again. */
    void unstall() {
        valve.open(Objects.requireNonNull(channel.pipeline().context(valve)));
        channel.runPendingTasks();
    }

    /** Receives frames from the peer, in one piece. */
    void receive(Frame... frames) {
        ByteBuf all = Unpooled.buffer();
        for (Frame frame : frames) {
            ByteBuf one = frame.encode();
            all.writeBytes(one);
            one.release();
        }
        ByteBuf read = channel.alloc().buffer(all.readableBytes(), all.readableBytes());
        read.writeBytes(all);
        all.release();
        channel.writeInbound(read);
        channel.runPendingTasks();
    }

    void receive(ByteBuf bytes) {
        channel.writeInbound(bytes);
        channel.runPendingTasks();
    }

    /** Everything that this end has sent since the last call, as bytes. */
    ByteBuf sentBytes() {
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part; (part = channel.readOutbound()) != null; ) {
            all.writeBytes(part);
            part.release();
        }
        return all;
    }

    /** Everything that this end has sent since the last call, as frames. */
    List<Frame> sent() {
        List<Frame> frames = new ArrayList<>();
        ByteBuf all = sentBytes();
        while (all.isReadable()) {
            frames.add(Frame.decode(all));
        }
        return frames;
    }

    void advance(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    /** The frames sent since the last call, without the pings of this end. It answers those. */
    List<Frame> sentAnsweringPings() {
        List<Frame> frames = new ArrayList<>();
        for (List<Frame> batch = sent(); !batch.isEmpty(); batch = sent()) {
            for (Frame frame : batch) {
                if (frame.type() == FrameType.PING && frame.has(Flags.SYN)) {
                    receive(Frame.ping(Flags.ACK, frame.length()));
                } else {
                    frames.add(frame);
                }
            }
        }
        return frames;
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    static ByteBuf bytes(int length) {
        return Unpooled.buffer(length, length).writeZero(length);
    }

    static String text(int length) {
        return "x".repeat(length);
    }

    static ChannelFuture send(YamuxStreamChannel stream, String text) {
        return stream.writeAndFlush(bytes(text));
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
