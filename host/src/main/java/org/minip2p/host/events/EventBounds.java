package org.minip2p.host.events;

import java.time.Duration;

/**
 * How much may wait for the application.
 *
 * @param tasks of all peers together; from so many on nothing new should begin
 * @param tasksPerPeer of one peer; from so many on nothing new of that peer should begin
 * @param bytes that all of them keep; from so many on nothing should be read that adds to them
 * @param bytesPerPeer that those of one peer keep
 * @param patience how long one task may take before its peer is cut off
 */
public record EventBounds(int tasks, int tasksPerPeer, long bytes, long bytesPerPeer, Duration patience) {
    /** What one peer may take of all. */
    private static final int SHARE = 8;

    /** A handful: else a host that takes few events would turn a peer away that connects, asks and leaves. */
    private static final int LEAST_TASKS = 16;

    /** Four of the largest texts that our own protocols tell. */
    private static final long BYTES_PER_PEER = 256 * 1024;

    /**
     * The usual shares.
     *
     * @param tasks of all peers together
     * @param bytes that they keep together
     * @param patience for one task
     */
    public static EventBounds of(int tasks, long bytes, Duration patience) {
        return new EventBounds(
                tasks, Math.max(LEAST_TASKS, tasks / SHARE), bytes, Math.min(BYTES_PER_PEER, bytes), patience);
    }
}
