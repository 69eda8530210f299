package org.minip2p.protocols;

import java.time.Duration;

/**
 * Time limits of a ping.
 *
 * @param answer from the request of a ping to its answer (PNG-15)
 * @param unusedStream how long the initiator keeps a stream without pings
 * @param idleResponder how long the responder keeps one (PNG-16)
 */
record PingTimes(Duration answer, Duration unusedStream, Duration idleResponder) {
    /**
     * The answer has 10 s, the minimum of the clause. Other responders end a stream after 10 s; our initiator closes it after half that
     * time, so that it rarely meets their end.
     */
    static final PingTimes DEFAULT =
            new PingTimes(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(10));
}
