package org.minip2p.handshake;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PrivateKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own node info: asked of the application for each exchange (NIF-31), and signed when it is other than the last time, since a
 * signature costs more than all the rest of an exchange. Confined to the host's peer executor.
 */
final class OwnInfo {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    /**
     * What we say in one exchange.
     *
     * @param info the node info
     * @param envelope it in a signed envelope; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sealed(NodeInfo info, byte[] envelope) {}

    private final Supplier<NodeInfo> supplier;
    private final PrivateKey key;
    private @Nullable Sealed last;

    OwnInfo(Supplier<NodeInfo> supplier, PrivateKey key) {
        this.supplier = supplier;
        this.key = key;
    }

    /** What is true now. */
    Sealed current() throws LocalFaultException {
        try {
            NodeInfo info = supplier.get();
            Sealed known = last;
            if (known == null || !known.info.equals(info)) {
                known = new Sealed(info, info.seal(key));
                last = known;
            }
            return known;
        } catch (RuntimeException e) {
            LOG.error("no node info of our own: the exchange fails", e);
            throw new LocalFaultException("no node info of our own", e);
        }
    }
}
