package org.minip2p.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.core.StreamIdsExhaustedException;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameReader;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.ReceiveWindow;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;
import org.minip2p.yamux.YamuxHeader;
import org.minip2p.yamux.YamuxSession;
import org.minip2p.yamux.YamuxStream;
import org.minip2p.yamux.netty.YamuxHandler;
import org.minip2p.yamux.netty.YamuxListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What Yamux does for a frame, without sockets and without ciphers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class YamuxBenchmark {
    static final int FRAMES_PER_READ = 16;

    private static final int BODY_BYTES = 4096;

    /** No keep-alive: nothing would answer its pings here. */
    private static final YamuxConfig CONFIG =
            YamuxConfig.defaults().with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ZERO);

    private final FrameReader reader = new FrameReader();
    private final ByteBuf header = PooledByteBufAllocator.DEFAULT.directBuffer(YamuxHeader.SIZE_BYTES);
    private final ByteBuf frames =
            PooledByteBufAllocator.DEFAULT.directBuffer(FRAMES_PER_READ * (YamuxHeader.SIZE_BYTES + BODY_BYTES));
    private final YamuxSession session = new YamuxSession(Role.INITIATOR, CONFIG, MemoryBudget.UNLIMITED);
    private final YamuxStream stream = open(session);
    private final EmbeddedChannel muxed = new EmbeddedChannel();
    private final EmbeddedChannel cut = new EmbeddedChannel(new Cutter());
    private long nowNanos = System.nanoTime();

    private static YamuxStream open(YamuxSession session) {
        try {
            return session.open(System.nanoTime());
        } catch (StreamIdsExhaustedException e) {
            throw new IllegalStateException("the first stream", e);
        }
    }

    /** Prepares the frames to read, and opens their stream. */
    @Setup
    public void setUp() {
        writeHeader(header, Flags.NONE, BODY_BYTES);
        for (int i = 0; i < FRAMES_PER_READ; i++) {
            writeHeader(frames, Flags.NONE, BODY_BYTES);
            frames.writeZero(BODY_BYTES);
        }
        YamuxHandler handler = new YamuxHandler(Role.RESPONDER, CONFIG, new Consumer());
        muxed.pipeline().addLast(handler);
        handler.start();
        ByteBuf opening = PooledByteBufAllocator.DEFAULT.directBuffer(YamuxHeader.SIZE_BYTES);
        writeHeader(opening, Flags.SYN, 0);
        muxed.writeInbound(opening);
        releaseWritten(muxed);
    }

    /** Closes the channels. */
    @TearDown
    public void tearDown() {
        muxed.finishAndReleaseAll();
        cut.finishAndReleaseAll();
        header.release();
        frames.release();
    }

    private static void writeHeader(ByteBuf to, int flags, int length) {
        to.writeInt(YamuxHeader.firstWord(FrameType.DATA, flags)).writeInt(1).writeInt(length);
    }

    private static void releaseWritten(EmbeddedChannel channel) {
        for (ByteBuf written; (written = channel.readOutbound()) != null; ) {
            written.release();
        }
    }

    /** The floor of a header: writes twelve bytes into a buffer. */
    @Benchmark
    public ByteBuf twelveBytes() {
        return header.clear().writeLong(nowNanos).writeInt(BODY_BYTES);
    }

    /** Writes a header. */
    @Benchmark
    public ByteBuf headerEncode() {
        writeHeader(header.clear(), Flags.FIN, BODY_BYTES);
        return header;
    }

    /** Reads a header. */
    @Benchmark
    public FrameReader headerDecode() throws YamuxException {
        readHeader();
        return reader;
    }

    private void readHeader() throws YamuxException {
        reader.header(header.getInt(0), header.getInt(4), header.getInt(8));
    }

    /**
     * A data frame as the session handles it: reads the header, takes the window, holds the bytes, consumes them, and gives credit back
     * when half of the window is consumed.
     */
    @Benchmark
    public long window() throws YamuxException {
        readHeader();
        session.receive(reader, stream, nowNanos);
        reader.bodyRead(BODY_BYTES);
        ReceiveWindow window = stream.receiveWindow();
        window.hold(BODY_BYTES, BODY_BYTES);
        window.release(BODY_BYTES, 0);
        session.endOfFrame(reader, stream);
        if (window.isUpdateDue()) {
            nowNanos += 1_000_000;
            return session.takeWindowUpdate(stream, nowNanos);
        }
        return window.remaining();
    }

    /**
     * A data frame of 4 KiB from the connection's pipeline to the end of its stream's pipeline, with 16 frames in a read; window updates
     * are written.
     */
    @Benchmark
    @OperationsPerInvocation(FRAMES_PER_READ)
    public void dispatch() {
        muxed.writeInbound(frames.retainedDuplicate());
        releaseWritten(muxed);
    }

    /** The floor of dispatch: cuts the frame by the length in its header, and passes it on. */
    @Benchmark
    @OperationsPerInvocation(FRAMES_PER_READ)
    public void cut() {
        cut.writeInbound(frames.retainedDuplicate());
    }

    /** Accepts every stream, and consumes its data. */
    private static final class Consumer implements YamuxListener {
        @Override
        public void inboundStream(YamuxStreamChannel stream) {
            stream.pipeline().addLast(new Releaser());
        }

        @Override
        public void streamCountChanged(int open) {}

        @Override
        public void sessionEnded(@Nullable Throwable cause) {}
    }

    private static final class Releaser extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
        }
    }

    private static final class Cutter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            while (in.isReadable()) {
                int length = in.getInt(in.readerIndex() + 8);
                in.skipBytes(YamuxHeader.SIZE_BYTES);
                in.readRetainedSlice(length).release();
            }
            in.release();
        }
    }
}
