package org.minip2p.host.connections;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.SessionClosedException;
import org.minip2p.host.CloseCause;
import org.minip2p.yamux.GoAwayCode;

/** Says why a session ended, in the host's words. */
final class EndCauses {
    private EndCauses() {}

    static CloseCause of(@Nullable Throwable cause) {
        if (cause == null) {
            return CloseCause.of(CloseCause.Reason.LOCAL);
        }
        if (cause instanceof SessionClosedException closed) {
            if (closed.code() == GoAwayCode.NORMAL) {
                return CloseCause.of(CloseCause.Reason.REMOTE);
            }
            if (closed.code() == SessionClosedException.END_OF_BYTES) {
                // How js-libp2p closes when it stops. The error stays: anyone on the path can end the
                // bytes, and so does a peer that refuses us late.
                return new CloseCause(CloseCause.Reason.REMOTE, cause);
            }
        }
        return CloseCause.error(cause);
    }
}
