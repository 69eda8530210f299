package org.minip2p.interop;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * A peer that listens.
 *
 * @param process the process of the peer
 * @param address its address, with its peer id
 */
record RunningListener(PeerProcess process, String address) implements AutoCloseable {
    private static final Duration TOLD = Duration.ofSeconds(10);

    /** Starts a peer and waits until it listens. */
    static RunningListener start(Peers peer, String... options) {
        PeerProcess process = peer.listen(options);
        try {
            return new RunningListener(
                    process, process.awaitListening().texts("addresses").get(0));
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** Waits for the next event with this name about this node. */
    JsonLine awaitEvent(String event, OurNode about) {
        return awaitEvent(event, about, line -> true);
    }

    /** Waits for the next event about this node that matches. */
    JsonLine awaitEvent(String event, OurNode about, Predicate<JsonLine> matches) {
        String peerId = about.host().peerId().toString();
        return process.await(
                "event " + event + " about " + peerId,
                line -> line.isEvent(event) && peerId.equals(line.members().get("peerId")) && matches.test(line),
                TOLD);
    }

    @Override
    public void close() {
        process.close();
    }
}
