package org.minip2p.interop;

import java.time.Duration;

/**
 * The amount of work of the cases that can do more or less.
 *
 * @param perfBytes the bytes that perf transfers each way
 * @param silence how long an open stream carries nothing
 * @param mutualRounds the number of mutual dials
 */
record Scale(long perfBytes, Duration silence, int mutualRounds) {
    static final Scale FULL = new Scale(256 << 20, Duration.ofSeconds(40), 64);
    static final Scale SMOKE = new Scale(16 << 20, Duration.ofSeconds(2), 16);
}
