package org.minip2p.handshake;

import java.util.concurrent.RejectedExecutionException;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the handshakes with all peers have in common.
 *
 * @param host carries them
 * @param context on which peers are decided on
 * @param own what the application says of our side
 * @param check what is checked of a peer's
 * @param options as the application wants them
 * @param listener the application, called in order for each peer
 */
record HandshakeServices(
        Host host,
        ProtocolContext context,
        OwnSide own,
        NodeInfoCheck check,
        HandshakeOptions options,
        HandshakeListener listener) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /** Runs a task on the context; not at all when that has ended, since then so have all connections. */
    void onContext(Runnable task) {
        try {
            context.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("host={} is closed", host.peerId());
        }
    }

    void tell(HandshakeEvent event) {
        context.tell(event.peerId(), keptBytes(event), () -> listener.onEvent(host, event));
    }

    /** How many bytes of a peer's an event keeps. */
    static int keptBytes(HandshakeEvent event) {
        if (event instanceof HandshakeEvent.Completed completed) {
            return completed.theirInfo().keptBytes();
        }
        if (event instanceof HandshakeEvent.Updated updated) {
            return updated.theirInfo().keptBytes();
        }
        return event instanceof HandshakeEvent.Failed failed
                        && failed.reason() instanceof FailureReason.NetworkMismatch mismatch
                ? Character.BYTES * mismatch.theirs().length()
                : 0;
    }
}
