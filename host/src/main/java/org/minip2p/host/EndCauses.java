package org.minip2p.host;

import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.GoAwayCode;
import org.minip2p.yamux.SessionClosedException;

/** Says why a session ended, in the host's words. */
final class EndCauses {
    private EndCauses() {}

    static CloseCause of(@Nullable Throwable cause) {
        if (cause == null) {
            return CloseCause.of(CloseCause.Reason.LOCAL);
        }
        if (cause instanceof SessionClosedException closed && closed.code() == GoAwayCode.NORMAL) {
            return CloseCause.of(CloseCause.Reason.REMOTE);
        }
        return CloseCause.error(cause);
    }
}
