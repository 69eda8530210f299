package org.minip2p.protocols;

import java.time.Duration;

/**
 * How long the parts of a ping may take.
 *
 * @param answer from when a ping is asked for to its answer (PNG-15)
 * @param unusedStream how long the initiator keeps a stream without pings
 * @param idleResponder how long the responder keeps one (PNG-16)
 */
record PingTimes(Duration answer, Duration unusedStream, Duration idleResponder) {
    /**
     * The answer has 10 s, the least of the clause. Other responders end a stream after 10 s; ours closes it in half that time, so that it
     * rarely meets their end.
     */
    static final PingTimes DEFAULT =
            new PingTimes(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(10));
}
