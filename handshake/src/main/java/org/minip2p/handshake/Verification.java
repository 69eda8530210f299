package org.minip2p.handshake;

import java.util.Set;
import org.minip2p.core.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one exchange, the application's included, which may fail in ways of their own. */
final class Verification {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private Verification() {}

    /**
     * Makes all checks.
     *
     * @param received what was read to the end of input
     * @param peer the peer of the connection
     * @param accepted the networks that are accepted now
     * @return the peer's
     * @throws HandshakeFailedException with the first check that failed
     * @throws LocalFaultException when a filter failed
     */
    static NodeInfo verify(NodeInfoCheck check, byte[] received, PeerId peer, Set<String> accepted)
            throws HandshakeFailedException, LocalFaultException {
        try {
            return check.check(received, peer, accepted);
        } catch (RuntimeException | Error e) {
            LOG.error("peer={} a filter failed: the exchange fails", peer, e);
            throw new LocalFaultException("a filter failed", e);
        }
    }
}
