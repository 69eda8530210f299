package org.minip2p.compatibility;

import java.io.IOException;

/** A folder holds no staged release. */
final class NothingStagedException extends IOException {
    private static final long serialVersionUID = 1;

    NothingStagedException(String message) {
        super(message);
    }
}
