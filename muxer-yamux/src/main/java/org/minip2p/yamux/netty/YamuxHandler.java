package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameOutcome;
import org.minip2p.yamux.FrameReader;
import org.minip2p.yamux.GoAwayCode;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.SessionClosedException;
import org.minip2p.yamux.StreamIdsExhaustedException;
import org.minip2p.yamux.StreamResetException;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxException;
import org.minip2p.yamux.YamuxSession;
import org.minip2p.yamux.YamuxStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Yamux session, the last handler of a connection's pipeline: frames come in and go out as {@link ByteBuf}s, streams are
 * {@link YamuxStreamChannel}s.
 *
 * <h2>Order of calls</h2>
 * Added to the pipeline, it holds back what comes and asks for no reading until {@link #start}. Then {@link #openStream} and
 * {@link #ping}, in any number, until {@link YamuxListener#sessionEnded}. {@link #shutdown} ends the session on purpose. This
 * handler never closes the connection: its owner does.
 *
 * <h2>Flushing</h2>
 * What is written while the connection is being read goes out when that round of reading is complete; everything else at the end of the
 * call that flushed it.
 *
 * <h2>Reading</h2>
 * While 32 answers wait because the connection takes no bytes, nothing is read from it. A stream that is not read does not hold up
 * others: its bytes wait in its window.
 *
 * <h2>Errors</h2>
 * A stream's error resets that stream. A session's error ends the session: GO_AWAY goes out, every stream fails, the owner is told. After
 * the end every promise that was given out is completed.
 *
 * <h2>Threads</h2>
 * Methods that do not say otherwise may be called on any thread.
 */
public final class YamuxHandler extends ChannelDuplexHandler {
    /*
     * Who does what: YamuxSession judges headers and counts; FrameWriter decides what is written when; YamuxStreamChannel is one stream's
     * channel; this class reads bytes, keeps the table of streams, and begins and ends the session.
     */
    private static final Logger log = LoggerFactory.getLogger(YamuxHandler.class);

    @SuppressWarnings("rawtypes") // a class has no type arguments
    private static final AtomicReferenceFieldUpdater<YamuxHandler, Queue> WAITING_FOR_CONNECTION =
            AtomicReferenceFieldUpdater.newUpdater(YamuxHandler.class, Queue.class, "waitingForConnection");

    /** How long a GO_AWAY may take to leave before the session ends without it, in milliseconds: nobody waits for a peer here. */
    private static final long GO_AWAY_MILLIS = 1000;

    /** Once this much has come the round trip is measured: windows may have to grow. Quiet connections need no ping for that. */
    private static final int BULK_BYTES = 16_384;

    private enum Phase {
        /** Until {@link #start}: input is held back, opens wait. */
        HELD,
        /** Frames are read and written. */
        RUNNING,
        /** {@link #shutdown}: new streams are refused, others finish. */
        DRAINING,
        /** The GO_AWAY of a shutdown is leaving; new streams are still refused. */
        LEAVING,
        /** The GO_AWAY for a fault of the peer is leaving; input is thrown away. */
        FAILED,
        /** The owner has been told. */
        ENDED;

        boolean reads() {
            return this == RUNNING || this == DRAINING || this == LEAVING;
        }

        boolean isOver() {
            return this == LEAVING || this == FAILED || this == ENDED;
        }
    }

    private final YamuxConfig config;
    private final YamuxListener listener;
    private final YamuxSession session;
    private final FrameInput input = new FrameInput(this);
    private final StreamTable streams = new StreamTable();
    private final PendingOpens opens = new PendingOpens(this);
    private final ArrayDeque<YamuxStreamChannel> readCompletes = new ArrayDeque<>(0);
    private final List<Promise<Duration>> waitingPings = new ArrayList<>(0);

    /** Streams that are to be told when the connection is writable; made by the first. */
    private volatile @Nullable Queue<YamuxStreamChannel> waitingForConnection;

    // Set by handlerAdded, before any use.
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable FrameWriter writer;
    private @Nullable ClosingStreams closingStreams;
    private @Nullable KeepAlive keepAlive;

    private @Nullable WriteStall writeStall;

    private Phase phase = Phase.HELD;
    private boolean inReadRound;
    private boolean readWanted;
    private boolean inputClosed;
    private int depth;
    private long nowNanos;
    private long lastInputNanos;
    private long receivedBytes;
    private long goAwayCode;
    private @Nullable Throwable endCause;
    private @Nullable Future<?> deadline;
    private volatile int openStreams;
    private volatile long roundTripNanos;

    /**
     * A session with memory of its own.
     *
     * @param role the role in the connection's upgrade (Noise): the initiator opens odd ids
     * @param config the limits
     * @param listener the owner
     */
    public YamuxHandler(Role role, YamuxConfig config, YamuxListener listener) {
        this(role, config, listener, MemoryBudget.UNLIMITED);
    }

    /**
     * A session that shares memory with others.
     *
     * @param role the role in the connection's upgrade (Noise): the initiator opens odd ids
     * @param config the limits
     * @param listener the owner
     * @param hostBudget where the memory for unread bytes and grown windows comes from
     */
    public YamuxHandler(Role role, YamuxConfig config, YamuxListener listener, MemoryBudget hostBudget) {
        this.config = config;
        this.listener = listener;
        this.session = new YamuxSession(role, config, hostBudget);
    }

    // What the owner does

    /** Begins to read frames: first what was held back. Event loop only, once. */
    public void start() {
        if (phase != Phase.HELD) {
            return;
        }
        phase = Phase.RUNNING;
        lastInputNanos = nanoTime();
        keepAlive().start();
        enter();
        try {
            process();
            opens.openWaiting();
        } finally {
            exit();
        }
        if (inputClosed) {
            end(this::inputEnded);
        }
        readIfWanted();
    }

    /**
     * Opens a stream. It waits while {@code maxOutboundStreams} are open, or 256 have not been acknowledged; a future that is
     * cancelled meanwhile gives its place up.
     *
     * @param initializer puts handlers into the new stream's pipeline, on the event loop; what is written from in there, from
     *     {@code channelActive} or by the future's listeners travels in the frame that opens the stream. The channel becomes active afterwards.
     * @return the stream; fails when the session is over or its ids are used up, or when the initializer throws
     */
    public Future<YamuxStreamChannel> openStream(Consumer<? super YamuxStreamChannel> initializer) {
        EventExecutor executor = context().executor();
        Promise<YamuxStreamChannel> promise = executor.newPromise();
        PendingOpens.Open open = new PendingOpens.Open(initializer, promise);
        if (executor.inEventLoop()) {
            open(open);
        } else {
            execute(promise, () -> open(open));
        }
        return promise;
    }

    /** The streams that are open or waiting for their end, of both sides. */
    public int openStreams() {
        return openStreams;
    }

    /**
     * Ends the session: refuses new inbound streams by RST, waits for streams that have unsent bytes of ours or an unanswered request of
     * the peer, sends GO_AWAY, fails what is left, and reports {@code sessionEnded(null)}.
     *
     * @param goAwayCode see {@link GoAwayCode}
     * @param drain how long to wait at most
     */
    public void shutdown(long goAwayCode, Duration drain) {
        EventExecutor executor = context().executor();
        if (executor.inEventLoop()) {
            drain(goAwayCode, drain);
        } else {
            executor.execute(() -> drain(goAwayCode, drain));
        }
    }

    /**
     * Measures the round trip with a ping. One is open at a time: callers that come meanwhile share it.
     *
     * @return the time from request to answer; fails when the session ends before
     */
    public Future<Duration> ping() {
        EventExecutor executor = context().executor();
        Promise<Duration> promise = executor.newPromise();
        if (executor.inEventLoop()) {
            ping(promise);
        } else {
            execute(promise, () -> ping(promise));
        }
        return promise;
    }

    /** The last measured round trip in nanoseconds; 0 before the first. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    // Netty

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        EventExecutor executor = ctx.executor();
        FrameWriter frameWriter = new FrameWriter(this, ctx, session);
        this.ctx = ctx;
        this.writer = frameWriter;
        this.closingStreams = new ClosingStreams(executor, config.closeTimeout().toNanos());
        this.keepAlive = new KeepAlive(
                this,
                frameWriter,
                session.roundTrip(),
                executor,
                config.keepAliveInterval().toNanos());
        this.nowNanos = nanoTime();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE, "the session was removed from its connection", null));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (phase == Phase.ENDED || phase == Phase.FAILED) {
            bytes.release();
            return;
        }
        inReadRound = true;
        input.add(bytes);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        completeReads();
        inReadRound = false;
        requestPump();
        ctx.fireChannelReadComplete();
    }

    /** Reading is asked for from behind this handler: here it can be stopped without touching the connection's options. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (mayAskForInput()) {
            ctx.read();
        } else {
            readWanted = true;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            writer().progressed();
            requestPump();
            tellWaitingForConnection();
        } else if (!phase.isOver()) {
            writeStall().watch();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            if (phase != Phase.HELD) {
                endOfInput();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endOfInput();
        ctx.fireChannelInactive();
    }

    /** Whatever failed, in front of this handler or in it, the session cannot go on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (phase == Phase.ENDED) {
            log.trace("connection={} after-end={}", ctx.channel().id().asShortText(), cause.toString());
        } else if (cause instanceof IOException) {
            end(() -> cause);
        } else {
            log.error("connection={} session=internal-error", ctx.channel().id().asShortText(), cause);
            leave(Phase.FAILED, GoAwayCode.INTERNAL_ERROR, cause);
        }
    }

    // Reading frames

    private void process() {
        nowNanos = nanoTime();
        lastInputNanos = nowNanos;
        try {
            input.read();
        } catch (YamuxException fault) {
            log.debug(
                    "connection={} session=protocol-error reason={}",
                    connection().id(),
                    fault.getMessage());
            leave(Phase.FAILED, fault.goAwayCode(), fault);
        }
    }

    /** Whether the session still reads frames at all. */
    boolean readsFrames() {
        return phase.reads();
    }

    /** Whether a frame may be read now: not while an answer to it might not fit. */
    boolean wantsFrame() {
        if (writer().replies().isFull()) {
            writer().makeRoomForReplies();
        }
        return phase.reads() && !writer().replies().isFull();
    }

    /** Obeys a header; returns the stream that gets its body and its FIN, null when there is none. */
    @Nullable YamuxStreamChannel headerRead(FrameReader frame) throws YamuxException {
        YamuxStreamChannel stream = streams.get(frame.streamId());
        FrameOutcome outcome = session.receive(frame, stream == null ? null : stream.stream(), nowNanos);
        if (frame.has(Flags.ACK)) {
            opens.openWaiting();
        }
        switch (outcome) {
            case OPENED -> {
                return accept(session.opened());
            }
            case DATA, CREDIT, ACK, FIN, STREAM_ERROR, RESET_BY_PEER -> {
                return stream == null ? null : obey(outcome, frame, stream);
            }
            case REFUSED -> writer().replies().refuse(frame.streamId());
            case PING -> writer().replies().pong(frame.length());
            case PONG -> pongReceived();
            case GO_AWAY -> goAwayReceived(frame.length());
            case DROPPED -> {}
        }
        return null;
    }

    private @Nullable YamuxStreamChannel obey(FrameOutcome outcome, FrameReader frame, YamuxStreamChannel stream) {
        if (outcome == FrameOutcome.STREAM_ERROR) {
            stream.resetForFault(new StreamResetException(frame.streamId(), 0, false));
            return null;
        }
        if (outcome == FrameOutcome.RESET_BY_PEER) {
            stream.resetByPeer(session.resetCode(frame));
            return null;
        }
        if (outcome == FrameOutcome.CREDIT) {
            stream.creditReceived();
        }
        return stream;
    }

    /** Bytes of a body have gone to their stream. */
    void bodyRead(int bytes) {
        if (receivedBytes < BULK_BYTES) {
            receivedBytes += bytes;
            if (receivedBytes >= BULK_BYTES) {
                writer().pingPending();
            }
        }
        if (session.budget().isExceeded()) {
            resetGreediest();
        }
    }

    /** A frame is complete: its FIN counts now. */
    void frameEnded(FrameReader frame, YamuxStreamChannel stream) {
        if (session.endOfFrame(frame, stream.stream())) {
            stream.inputEnded();
        }
    }

    private @Nullable YamuxStreamChannel accept(YamuxStream opened) throws YamuxException {
        YamuxStreamChannel stream = addStream(opened);
        stream.register();
        try {
            listener.inboundStream(stream);
        } catch (Throwable failure) { // of the owner's code: this stream's affair, not the session's
            log.error("stream={} reset=listener-failed", stream.id(), failure);
            stream.reset(0);
        }
        if (!stream.isOpen()) {
            session.refused(nowNanos);
            return null;
        }
        opened.accept();
        controlPending(stream);
        stream.activate();
        return stream;
    }

    /** More is unread than this connection may hold: the stream that holds most of it goes. */
    private void resetGreediest() {
        YamuxStreamChannel greediest = streams.greediest();
        if (greediest != null) {
            log.debug("stream={} reset=over-budget unread={}", greediest.id(), greediest.unreadBytes());
            greediest.resetForFault(new StreamResetException(greediest.streamId(), 0, false));
        }
    }

    private boolean mayAskForInput() {
        return phase == Phase.ENDED || phase == Phase.FAILED || (phase.reads() && input.isEmpty());
    }

    private void readIfWanted() {
        if (readWanted && !input.isReading() && mayAskForInput()) {
            readWanted = false;
            context().read();
        }
    }

    // Opening

    private void open(PendingOpens.Open open) {
        if (phase == Phase.DRAINING || phase.isOver()) {
            open.promise().tryFailure(sessionClosed());
        } else {
            opens.add(open);
        }
    }

    boolean mayOpen() {
        return phase == Phase.RUNNING && session.canOpen();
    }

    void openNow(PendingOpens.Open open) {
        if (!open.promise().setUncancellable()) {
            return;
        }
        enter();
        try {
            YamuxStreamChannel stream = addStream(session.open(nanoTime()));
            stream.register();
            try {
                open.initializer().accept(stream);
            } catch (Throwable failure) { // of the caller's code: the caller is told
                stream.reset(0);
                open.promise().tryFailure(failure);
                return;
            }
            stream.activate();
            framesPending(stream);
            open.promise().trySuccess(stream);
        } catch (StreamIdsExhaustedException exhausted) {
            open.promise().tryFailure(exhausted);
        } finally {
            exit();
        }
    }

    private YamuxStreamChannel addStream(YamuxStream opened) {
        YamuxStreamChannel stream = new YamuxStreamChannel(this, opened, connection());
        streams.add(stream);
        countStreams();
        return stream;
    }

    // Streams

    /** Begins a part of a turn in which streams may flush any number of times; {@link #exit} writes it out. */
    void enter() {
        depth++;
    }

    void exit() {
        if (depth == 1 && !inReadRound) {
            // Frames that were held back are read outside of a round of the connection.
            completeReads();
        }
        depth--;
        requestPump();
    }

    private void completeReads() {
        for (YamuxStreamChannel stream; (stream = readCompletes.poll()) != null; ) {
            stream.readComplete();
        }
    }

    /** Writes what is pending, now or at the end of what is going on. */
    void requestPump() {
        if (depth == 0 && !inReadRound && phase != Phase.HELD && phase != Phase.FAILED && phase != Phase.ENDED) {
            writer().pump();
        }
    }

    void flushRequested(YamuxStreamChannel stream) {
        framesPending(stream);
        requestPump();
    }

    void framesPending(YamuxStreamChannel stream) {
        if (stream.hasFrame()) {
            writer().dataPending(stream);
        }
    }

    void controlPending(YamuxStreamChannel stream) {
        writer().controlPending(stream);
    }

    void readCompleteLater(YamuxStreamChannel stream) {
        readCompletes.add(stream);
    }

    PendingWrite newWrite(ByteBuf bytes, ChannelPromise application) {
        return new PendingWrite(connection(), writer(), bytes, application);
    }

    /** After any change: a stream that is over leaves the table, and when its channel is closed, too, it makes room. */
    void settle(YamuxStreamChannel stream) {
        if (stream.stream().state().isOver()) {
            closingStreams().remove(stream);
            streams.over(stream);
        }
        if (stream.settle()) {
            streams.gone(stream);
            session.ended(stream.stream());
            countStreams();
            opens.openWaiting();
            finishDraining();
        }
    }

    /** A stream's channel was closed. */
    void channelClosed(YamuxStreamChannel stream) {
        finishDraining();
    }

    /** The writer has done what it could. */
    void framesWritten() {
        if (!input.isEmpty()
                && !input.isReading()
                && phase.reads()
                && !writer().replies().isFull()) {
            enter();
            try {
                process();
            } finally {
                exit();
            }
        }
        readIfWanted();
        finishDraining();
    }

    private void countStreams() {
        if (phase != Phase.ENDED) {
            openStreams = session.openStreams();
            try {
                listener.streamCountChanged(openStreams);
            } catch (Throwable failure) { // of the owner's code
                log.error("connection={} listener-failed", connection().id(), failure);
            }
        }
    }

    // Writability

    boolean isConnectionWritable() {
        return connection().isWritable();
    }

    /** Any thread: the stream is told when the connection is writable. */
    void waitForConnection(YamuxStreamChannel stream) {
        waitingForConnection().add(stream);
        if (isConnectionWritable()) {
            runLater(this::tellWaitingForConnection); // it changed before the stream was on the list
        }
    }

    private Queue<YamuxStreamChannel> waitingForConnection() {
        Queue<YamuxStreamChannel> waiting = waitingForConnection;
        while (waiting == null) {
            WAITING_FOR_CONNECTION.compareAndSet(this, null, new ConcurrentLinkedQueue<>());
            waiting = waitingForConnection;
        }
        return waiting;
    }

    private void tellWaitingForConnection() {
        Queue<YamuxStreamChannel> waiting = waitingForConnection;
        if (waiting == null) {
            return;
        }
        for (YamuxStreamChannel stream; isConnectionWritable() && (stream = waiting.poll()) != null; ) {
            stream.writability().connectionWritable();
        }
    }

    // Pings

    private void ping(Promise<Duration> promise) {
        if (phase.isOver()) {
            promise.tryFailure(sessionClosed());
            return;
        }
        promise.setUncancellable();
        waitingPings.add(promise);
        writer().pingPending();
        requestPump();
    }

    private void pongReceived() {
        roundTripNanos = session.roundTrip().nanos();
        Duration time = Duration.ofNanos(roundTripNanos);
        List<Promise<Duration>> answered = List.copyOf(waitingPings);
        waitingPings.clear();
        answered.forEach(promise -> promise.trySuccess(time));
    }

    // Ending

    private void goAwayReceived(long code) {
        goAwayCode = code;
        end(() -> new SessionClosedException(code, "the peer ended the session, code " + code, null));
    }

    /** The connection has taken no byte for too long. */
    void stalled() {
        end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE, "the connection took no byte for " + config.writeStallTimeout(), null));
    }

    /** Nothing came after a ping for too long. */
    void peerSilent() {
        end(() -> new SessionClosedException(
                SessionClosedException.NO_CODE,
                "nothing came for " + config.keepAliveInterval() + " after a ping",
                null));
    }

    private void endOfInput() {
        // What has come before the end still counts, even if no answer can be sent any more.
        while (phase.reads() && !input.isEmpty() && !input.isReading()) {
            writer().replies().clear();
            process();
        }
        end(this::inputEnded);
    }

    private SessionClosedException inputEnded() {
        return new SessionClosedException(
                input.isBetweenFrames() ? SessionClosedException.END_OF_BYTES : SessionClosedException.NO_CODE,
                "the connection ended " + input.position() + " without GO_AWAY",
                null);
    }

    private void drain(long code, Duration drain) {
        if (phase == Phase.DRAINING || phase.isOver()) {
            return;
        }
        goAwayCode = code;
        phase = Phase.DRAINING;
        session.refuseStreams();
        failOpens();
        if (!drain.isZero() && !drain.isNegative()) {
            deadline = context().executor().schedule(this::leaveOnPurpose, drain.toNanos(), TimeUnit.NANOSECONDS);
            requestPump();
            finishDraining();
        } else {
            leaveOnPurpose();
        }
    }

    private void finishDraining() {
        if (phase == Phase.DRAINING && depth == 0 && !inReadRound && !streams.isBusy()) {
            leaveOnPurpose();
        }
    }

    private void leaveOnPurpose() {
        leave(Phase.LEAVING, goAwayCode, null);
    }

    /** Sends GO_AWAY, fails everything, and ends when the frame has left. */
    private void leave(Phase next, long code, @Nullable Throwable cause) {
        if (phase.isOver()) {
            return;
        }
        phase = next;
        goAwayCode = code;
        endCause = cause;
        stopTimers();
        ChannelPromise left = writer().writeGoAway(code);
        failEverything(cause);
        if (left.isDone()) {
            told();
        } else {
            left.addListener(done -> told());
            deadline = context().executor().schedule(this::told, GO_AWAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Ends at once: nothing can, or need, be sent.
     *
     * @param reason asked only if the session is not over yet
     */
    private void end(Supplier<? extends Throwable> reason) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (!phase.isOver()) {
            Throwable cause = reason.get();
            phase = Phase.FAILED;
            endCause = cause;
            goAwayCode =
                    cause instanceof SessionClosedException closed ? closed.code() : SessionClosedException.NO_CODE;
            stopTimers();
            failEverything(cause);
        }
        told();
    }

    private void failEverything(@Nullable Throwable cause) {
        writer().clear();
        YamuxStreamChannel[] left = streams.snapshot();
        List<Promise<Duration>> pings = List.copyOf(waitingPings);
        waitingPings.clear();
        if (left.length > 0 || !pings.isEmpty()) {
            SessionClosedException failure = cause instanceof SessionClosedException closed
                    ? closed
                    : new SessionClosedException(goAwayCode, "the session ended", cause);
            for (YamuxStreamChannel stream : left) {
                stream.sessionEnded(failure, cause instanceof SessionClosedException);
            }
            pings.forEach(promise -> promise.tryFailure(failure));
        }
        failOpens();
    }

    private void failOpens() {
        if (!opens.isEmpty()) {
            opens.fail(sessionClosed());
        }
    }

    private void told() {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        if (deadline != null) {
            deadline.cancel(false);
        }
        writer().clear();
        input.clear();
        openStreams = 0;
        try {
            listener.sessionEnded(endCause);
        } catch (Throwable failure) { // of the owner's code
            log.error("connection={} listener-failed", connection().id(), failure);
        }
        readIfWanted();
    }

    private void stopTimers() {
        keepAlive().stop();
        if (writeStall != null) {
            writeStall.stop();
        }
        closingStreams().stop();
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private SessionClosedException sessionClosed() {
        return new SessionClosedException(goAwayCode, "the session is over", endCause);
    }

    // What others need

    YamuxConfig config() {
        return config;
    }

    Channel connection() {
        return context().channel();
    }

    ClosingStreams closingStreams() {
        return set(closingStreams);
    }

    long nanoTime() {
        return context().executor().ticker().nanoTime();
    }

    long lastInputNanos() {
        return lastInputNanos;
    }

    /** Runs on the event loop; when that does not run any more, the promise fails. */
    private void execute(Promise<?> promise, Runnable action) {
        try {
            context().executor().execute(action);
        } catch (RejectedExecutionException shutDown) {
            promise.tryFailure(shutDown);
        }
    }

    /** Runs on the event loop, in a turn of its own; at the end of the event loop there is nobody to run it for. */
    private void runLater(Runnable action) {
        try {
            context().executor().execute(action);
        } catch (RejectedExecutionException shutDown) {
            log.trace("connection={} event-loop=shut-down", connection().id());
        }
    }

    private ChannelHandlerContext context() {
        return set(ctx);
    }

    private FrameWriter writer() {
        return set(writer);
    }

    /** Made when it is needed: most connections can always be written to. */
    private WriteStall writeStall() {
        WriteStall stall = writeStall;
        if (stall == null) {
            ChannelHandlerContext ctx = context();
            stall = new WriteStall(
                    this,
                    writer(),
                    ctx.channel(),
                    ctx.executor(),
                    config.writeStallTimeout().toNanos());
            writeStall = stall;
        }
        return stall;
    }

    private KeepAlive keepAlive() {
        return set(keepAlive);
    }

    private static <T> T set(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("the session is not in a pipeline yet");
        }
        return field;
    }
}
