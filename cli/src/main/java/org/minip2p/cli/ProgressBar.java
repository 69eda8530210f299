package org.minip2p.cli;

import java.io.PrintStream;

/** A bar on one line of a terminal, removed when it is closed. */
final class ProgressBar implements Progress {
    private static final int WIDTH = 30;

    /** Moves to the start of the line, and clears it. */
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final String label;
    private final long totalBytes;
    private final long startNanos = System.nanoTime();

    ProgressBar(PrintStream err, String label, long totalBytes) {
        this.err = err;
        this.label = label;
        this.totalBytes = totalBytes;
    }

    @Override
    public void update(long doneBytes) {
        double share = totalBytes == 0 ? 1 : Math.min(1, (double) doneBytes / totalBytes);
        int filled = (int) (share * WIDTH);
        err.print(CLEAR_LINE + label + " [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] "
                + Units.size(doneBytes) + " of " + Units.size(totalBytes) + ", "
                + Units.rate(Units.mibPerSecond(doneBytes, System.nanoTime() - startNanos)));
        err.flush();
    }

    @Override
    public void close() {
        err.print(CLEAR_LINE);
        err.flush();
    }
}
