package org.minip2p.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.KeyType;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;

/** The common part of the cases of both directions. */
final class Cases {
    static final String PING = "ping";
    static final String IDENTIFY = "identify";
    static final String PUSH = "identify push";
    static final String LARGE_FRAMES = "5 MiB in frames up to the window size";
    static final String HALF_CLOSE_BEFORE = "half-close before the answer";
    static final String THEIR_RESET = "their reset; the connection lives on";
    static final String OUR_RESET = "our reset; the connection lives on";
    static final String NOT_SPOKEN = "an unsupported protocol";
    static final String HUNDRED_AT_ONCE = "100 streams at once";
    static final String TWO_HUNDRED_IN_TURN = "200 streams in sequence";
    static final String PERF = "perf up and down";
    static final String NODE_INFO = "node info";
    static final String OTHER_NETWORK = "node info for another network";
    static final String WRONG_SIGNER = "node info signed by another key";
    static final String TOO_LARGE = "oversized node info";
    static final String WRONG_PEER = "a different peer id in the address";
    static final String EARLY_MUXER = "early muxer negotiation";
    static final String OUR_EARLY_MUXER_OFF = "our early muxer negotiation off";
    static final String THEIR_EARLY_MUXER_OFF = "their early muxer negotiation off";
    static final String PIPELINING_OFF = "pipelining off";
    static final String SILENCE = "an open, silent stream";
    static final String OUR_CLOSE = "our close";
    static final String THEIR_CLOSE = "their close";
    static final String OUR_CLOSE_UNDER_WAY = "our close with an answer pending";
    static final String THEIR_CLOSE_UNDER_WAY = "their close with an answer pending";
    static final String MUTUAL_DIAL = "mutual dial";

    /** The deadline of the cases that transfer the most data or wait longest. */
    static final Duration LONG = Duration.ofSeconds(150);

    static final List<Integer> ECHO_BYTES = List.of(0, 1, 65_519, 65_520, 5 << 20);

    /** A padding that makes a node info too large, in bytes. */
    static final String PAD = "70000";

    /** A size of a download that cannot finish before the connection closes. */
    private static final long ENDLESS_BYTES = 64L << 30;

    private Cases() {}

    static String echo(int bytes) {
        return "echo of " + (bytes == 5 << 20 ? "5 MiB" : bytes + " bytes");
    }

    static void requireKey(Peers peer, KeyType type) throws NotForThisPeer {
        NotForThisPeer.unless(!(peer.isJs() && type == KeyType.ECDSA), "js-libp2p has no ECDSA identities");
    }

    static String rates(long bytes, double upSeconds, double downSeconds) {
        double mebibytes = bytes / (double) (1 << 20);
        return Math.round(mebibytes) + " MiB each way: up " + Math.round(mebibytes / upSeconds) + " MiB/s, down "
                + Math.round(mebibytes / downSeconds) + " MiB/s, beside other cells";
    }

    /** Starts a download that does not end by itself; returns when its first bytes have arrived. */
    static CompletableFuture<?> download(OurNode node, Connection connection) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        CompletableFuture<?> perf = node.perf().run(connection, 0, ENDLESS_BYTES, (uploaded, downloaded) -> {
            if (downloaded > 0) {
                started.complete(null);
            }
        });
        OurNode.await(CompletableFuture.anyOf(started, perf));
        return perf;
    }

    /** The peer closes an idle connection. */
    static void isClosed(Peers peer, OurNode node, Connection connection, RunningListener other) {
        // Closing a socket with unread bytes resets the connection, so everything must be read first.
        OurNode.await(node.identify().identify(connection));
        other.awaitEvent("identified", node);
        OurNode.await(connection.ping());

        other.process().send("close " + node.host().peerId());

        CloseCause cause = OurNode.await(connection.closed());
        other.awaitEvent("disconnected", node);
        if (peer.isGo()) { // it sets SO_LINGER to 0, so each of its closes is a reset
            Check.isA("the cause", cause.error(), IOException.class);
        } else {
            Check.equal("the reason of " + cause, cause.reason(), CloseCause.Reason.REMOTE);
        }
    }
}
