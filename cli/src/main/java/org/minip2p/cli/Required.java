package org.minip2p.cli;

import org.jspecify.annotations.Nullable;

/** Values that picocli sets before it runs a command, which the compiler considers possibly null. */
final class Required {
    private Required() {}

    static <T> T argument(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a command ran without a required argument");
        }
        return value;
    }
}
