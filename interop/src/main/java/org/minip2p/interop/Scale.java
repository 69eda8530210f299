package org.minip2p.interop;

import java.time.Duration;

/**
 * How much the cases do that can do more or less.
 *
 * @param perfBytes each way
 * @param silence how long an open stream carries nothing
 * @param mutualRounds mutual dials
 */
record Scale(long perfBytes, Duration silence, int mutualRounds) {
    static final Scale FULL = new Scale(256 << 20, Duration.ofSeconds(40), 64);
    static final Scale SMOKE = new Scale(16 << 20, Duration.ofSeconds(2), 16);
}
