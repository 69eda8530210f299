package org.minip2p.handshake;

import java.util.concurrent.RejectedExecutionException;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that the handshakes with all peers share.
 *
 * @param host carries them
 * @param context where decisions about peers are made
 * @param own our own side, from the application
 * @param check the checks of a peer's node info
 * @param options the application's options
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

    /** Runs a task on the context; drops it when the context has ended, since then all connections have ended, too. */
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

    /** How many bytes of a peer's data an event keeps. */
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
