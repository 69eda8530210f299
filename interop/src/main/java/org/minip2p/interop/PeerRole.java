package org.minip2p.interop;

import java.util.Locale;

/** What the peer does in a case. */
enum PeerRole {
    /** We dial it. */
    LISTENER,
    /** It dials us. */
    DIALER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
