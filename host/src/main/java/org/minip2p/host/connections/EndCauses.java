package org.minip2p.host.connections;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.SessionClosedException;
import org.minip2p.host.CloseCause;
import org.minip2p.yamux.GoAwayCode;

/** Translates the end of a session into the host's terms. */
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
                // js-libp2p closes like this when it stops. The error stays, because anyone on the path can end the
                // bytes, and a peer that refuses us late does so, too.
                return new CloseCause(CloseCause.Reason.REMOTE, cause);
            }
        }
        return CloseCause.error(cause);
    }
}
