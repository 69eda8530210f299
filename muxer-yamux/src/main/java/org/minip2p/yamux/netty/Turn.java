package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Owns all re-entrancy of a session. Reading, writing and completing promises call the application, which writes,
 * reads, opens, closes and resets from in there: nothing of that may nest, or frames would be cut open, and states
 * would change under whoever is changing them.
 *
 * <p><b>The invariant.</b> Whatever happens to a session or a stream happens between {@link #begin} and {@link #end},
 * and only leaves marks: a state, an entry in a queue. What the marks ask for is done by one loop, {@link #work}, which
 * never nests: it runs when the outermost begin has ended, and while it calls the application, begins and ends from
 * within leave marks that the same loop finds. It always does the most urgent thing first:
 *
 * <ol>
 *   <li>bytes that streams have asked for are passed on, and frames are read;
 *   <li>unless the connection is in the middle of being read: rounds of reading are completed, streams that are over
 *       are released, and opens that wait are opened;
 *   <li>unless more that is to be written will come soon ({@link #cork}): frames are written, streams that wait for room
 *       are told, and a session that has nothing to finish leaves;
 *   <li>input is asked for.
 * </ol>
 *
 * <p>So when the outermost end returns, and was not called from the loop, nothing is left that could be done now. From
 * {@code channelRead} to {@code channelReadComplete} lies one round of reading: what it brings about is written once,
 * at its end.
 *
 * <p>Confined to the connection's event loop.
 */
final class Turn implements Runnable {
    /**
     * What is written before the event loop gets a chance to read: an answer to a ping waits for no more than this, in
     * bytes.
     */
    private static final int MAX_WRITTEN_BYTES = 1 << 20;

    /** What a turn does, each step as much as it sees fit. Steps return whether there was anything to do. */
    interface Steps {
        /** Reads frames that have come. */
        boolean readFrames();

        /** Makes room where streams have ended. */
        boolean releaseStreams();

        /** Opens a stream that somebody waits for. */
        boolean openStream();

        /**
         * Writes frames, and flushes them.
         *
         * @param maxBytes after how many to stop
         * @return how many bytes were flushed
         */
        int writeFrames(int maxBytes);

        /** Whether more frames could be written now. */
        boolean canWriteFrames();

        /** Tells a stream that waits for it that the connection takes bytes again. */
        boolean tellWritable();

        /** Ends the session if it is only waiting for its streams to finish, and they have. */
        boolean leaveIfDrained();

        /** Asks the connection for input, if it would be read. */
        boolean askForInput();

        /** A step has thrown, as when there is no memory: nobody knows how far it had come. */
        void broken(Throwable cause);
    }

    private final Wire wire;

    /** Null until the session's parts are complete. */
    private @Nullable Steps steps;

    /** What is run as soon as nothing else is running; made by the first. */
    private @Nullable ArrayDeque<Runnable> soon;

    /** What is run at the end of the round; made by the first. */
    private @Nullable ArrayDeque<Runnable> atEnd;

    private int open;
    private boolean inRound;
    private boolean corked;
    private boolean inputWanted;
    private boolean running;
    private boolean continued;
    private int leftBytes;

    /** Whether frames have left, and nobody who waits for room was told since. */
    private boolean hasWritten;

    Turn(Wire wire) {
        this.wire = wire;
    }

    /** The parts of the session are complete: what the marks ask for can be done. */
    void start(Steps of) {
        this.steps = of;
    }

    void begin() {
        open++;
    }

    void end() {
        assert open > 0 : "an end without its begin";
        open--;
        if (open == 0 && !running) { // what work() asks, too: most ends are inner ones, and this is small enough to be
            // inlined
            work();
        }
    }

    /** The connection is being read, and frames have come. */
    void readRound() {
        inRound = true;
        work();
    }

    /** The connection has been read. */
    void endRound() {
        inRound = false;
        work();
    }

    /** Nothing is written from now on: more will come in this task. */
    void cork() {
        corked = true;
    }

    /** What has come since {@link #cork} is written. */
    void uncork() {
        corked = false;
        work();
    }

    /** Input is to be asked for when it would be read. */
    void wantInput() {
        inputWanted = true;
        if (steps != null && !running && open == 0) {
            askForInput(steps); // nothing else is left
        }
    }

    /** Runs something as soon as nothing else is running. */
    void soon(Runnable task) {
        ArrayDeque<Runnable> queue = soon;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            soon = queue;
        }
        queue.add(task);
    }

    /** Runs something at the end of the round, before anything is written. */
    void atEnd(Runnable task) {
        ArrayDeque<Runnable> queue = atEnd;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            atEnd = queue;
        }
        queue.add(task);
    }

    /** The rest of what a turn before this one was not allowed to write. */
    @Override
    public void run() {
        continued = false;
        work();
    }

    /** Does what the marks ask for, unless that is being done, or will be. */
    void work() {
        Steps due = steps;
        if (due == null || running || open > 0) {
            return;
        }
        running = true;
        leftBytes = MAX_WRITTEN_BYTES;
        Throwable failure = null;
        try {
            boolean busy;
            do {
                runSoon();
                busy = due.readFrames() || (!inRound && finish(due)) || askForInput(due);
            } while (busy);
        } catch (Throwable e) { // whoever has begun this turn could not say what it means
            failure = e;
        } finally {
            running = false;
        }
        if (failure != null) {
            due.broken(failure);
        }
        if (leftBytes <= 0 && !continued && due.canWriteFrames()) {
            continued = true;
            wire.runLater(this);
        }
    }

    private boolean finish(Steps due) {
        boolean hasEnded = endRoundOfReading();
        boolean hasReleased = due.releaseStreams();
        boolean hasOpened = openStreams(due);
        boolean isWritten = !corked && write(due);
        return hasEnded || hasReleased || hasOpened || isWritten;
    }

    private boolean openStreams(Steps due) {
        boolean busy = false;
        while (due.openStream()) {
            busy = true;
            runSoon();
        }
        return busy;
    }

    private boolean endRoundOfReading() {
        boolean busy = false;
        while (next(atEnd)) {
            busy = true;
            runSoon();
        }
        return busy;
    }

    private boolean write(Steps due) {
        return tellAfterWriting(due) || writeFrames(due) || due.tellWritable() || due.leaveIfDrained();
    }

    private boolean writeFrames(Steps due) {
        if (leftBytes <= 0) {
            return false;
        }
        int written = due.writeFrames(leftBytes);
        leftBytes -= written;
        hasWritten |= written > 0;
        return written > 0;
    }

    /** One who waits for room comes before the end of what was written: what he adds shares a frame with it. */
    private boolean tellAfterWriting(Steps due) {
        boolean isTold = hasWritten && due.tellWritable();
        hasWritten &= !isTold;
        return isTold;
    }

    private boolean askForInput(Steps due) {
        if (!inputWanted) {
            return false;
        }
        inputWanted = false; // before more is wanted from within
        boolean isAsked = due.askForInput();
        inputWanted |= !isAsked;
        return isAsked;
    }

    private void runSoon() {
        boolean busy;
        do {
            busy = next(soon);
        } while (busy);
    }

    private static boolean next(@Nullable ArrayDeque<Runnable> queue) {
        Runnable task = queue == null ? null : queue.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }
}
