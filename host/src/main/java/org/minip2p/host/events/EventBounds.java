package org.minip2p.host.events;

import java.time.Duration;

/**
 * Limits on the work that is waiting for the application.
 *
 * @param tasks the tasks of all peers at which nothing new should begin
 * @param tasksPerPeer the tasks of one peer at which nothing new of that peer should begin
 * @param bytes the bytes of all tasks at which nothing that adds to them should be read
 * @param bytesPerPeer the same for the tasks of one peer
 * @param patience how long one task may take before its peer is disconnected
 */
public record EventBounds(int tasks, int tasksPerPeer, long bytes, long bytesPerPeer, Duration patience) {
    /** The share of one peer. */
    private static final int SHARE = 8;

    /**
     * At least a few: otherwise a host that allows few events would refuse a peer that connects, asks and disconnects.
     */
    private static final int LEAST_TASKS = 16;

    /** Four of the largest texts that our own protocols report. */
    private static final long BYTES_PER_PEER = 256 * 1024;

    /**
     * The usual shares.
     *
     * @param tasks the tasks of all peers together
     * @param bytes the bytes that they keep together
     * @param patience the time limit of one task
     */
    public static EventBounds of(int tasks, long bytes, Duration patience) {
        return new EventBounds(
                tasks, Math.max(LEAST_TASKS, tasks / SHARE), bytes, Math.min(BYTES_PER_PEER, bytes), patience);
    }
}
