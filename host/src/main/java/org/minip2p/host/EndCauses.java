package org.minip2p.host;

import org.jspecify.annotations.Nullable;

/** Says why a session ended in the host's words. */
final class EndCauses {
    private EndCauses() {}

    static CloseCause of(@Nullable Throwable cause) {
        if (cause == null) {
            return CloseCause.of(CloseCause.Reason.LOCAL);
        }
        return CloseCause.error(cause);
    }
}
