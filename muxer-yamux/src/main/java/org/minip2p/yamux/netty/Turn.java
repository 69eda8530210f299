package org.minip2p.yamux.netty;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Owns all re-entrancy of a session. Reading, writing and completing promises call the application, which may write,
 * read, open, close and reset in that call. These actions must not nest: frames would be interleaved, and states would
 * change in the middle of a change.
 *
 * <p><b>The invariant.</b> Every action on a session or a stream is between {@link #begin} and {@link #end}, and only
 * leaves marks: a state, an entry in a queue. One loop, {@link #work}, executes the marks and never nests: it runs at
 * the end of the outermost action, and actions from within the loop leave marks that the same loop finds. It always does
 * the most urgent work first:
 *
 * <ol>
 *   <li>bytes that streams have asked for are passed on, and frames are read;
 *   <li>unless the connection is in the middle of a read: rounds of reading are completed, ended streams are released,
 *   and waiting opens are opened;
 *   <li>unless more writes will come soon ({@link #cork}): frames are written, streams that wait for room are notified,
 *   and a session that has nothing to finish ends;
 *   <li>input is asked for.
 * </ol>
 *
 * <p>So when the outermost end returns, and was not called from the loop, no work is left that could be done now. One
 * round of reading lasts from {@code channelRead} to {@code channelReadComplete}: its results are written once, at its
 * end.
 *
 * <p>Confined to the connection's event loop.
 */
final class Turn implements Runnable {
    /**
     * The most bytes written before the event loop gets a chance to read: an answer to a ping waits for at most this
     * much.
     */
    private static final int MAX_WRITTEN_BYTES = 1 << 20;

    /** The steps of a turn; each decides how much it does. Steps return whether there was anything to do. */
    interface Steps {
        /** Reads arrived frames. */
        boolean readFrames();

        /** Removes ended streams. */
        boolean releaseStreams();

        /** Opens a waiting stream. */
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

        /** Notifies a waiting stream that the connection is writable again. */
        boolean tellWritable();

        /** Ends the session if it is only waiting for its streams to finish, and they have. */
        boolean leaveIfDrained();

        /** Asks the connection for input, if it would be read. */
        boolean askForInput();

        /** A step has thrown, for example without memory: it is unknown how far it got. */
        void broken(Throwable cause);
    }

    private final Wire wire;

    /** Null until the session's parts are complete. */
    private @Nullable Steps steps;

    /** Tasks to run as soon as nothing else is running; created for the first. */
    private @Nullable ArrayDeque<Runnable> soon;

    /** Tasks to run at the end of the round; created for the first. */
    private @Nullable ArrayDeque<Runnable> atEnd;

    private int open;
    private boolean inRound;
    private boolean corked;
    private boolean inputWanted;
    private boolean running;
    private boolean continued;
    private int leftBytes;

    /** Whether frames have been written since waiting streams were last notified. */
    private boolean hasWritten;

    Turn(Wire wire) {
        this.wire = wire;
    }

    /** The parts of the session are complete: marks can be executed. */
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

    /** The connection is being read, and frames have arrived. */
    void readRound() {
        inRound = true;
        work();
    }

    /** The connection has been read. */
    void endRound() {
        inRound = false;
        work();
    }

    /** Delays writing, since more will come in this task. */
    void cork() {
        corked = true;
    }

    /** Writes everything since {@link #cork}. */
    void uncork() {
        corked = false;
        work();
    }

    /** Requests input when it can be read. */
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

    /** The rest of an earlier turn's writes. */
    @Override
    public void run() {
        continued = false;
        work();
    }

    /** Executes the marks, unless that is already running or scheduled. */
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
        } catch (Throwable e) { // the code that began this turn cannot handle it
            failure = e;
        } finally {
            running = false;
        }
        if (failure != null) {
            due.broken(failure);
        }
        if (leftBytes <= 0 && !continued && due.canWriteFrames()) {
            continued = wire.runAfterOthers(this);
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

    /** A stream that waits for room comes before the flush, so that its data shares a frame. */
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
