package org.minip2p.cli;

import org.jspecify.annotations.Nullable;

/** What picocli fills in before it runs a command, and what the compiler therefore takes for absent. */
final class Required {
    private Required() {}

    static <T> T argument(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a command ran without a required argument");
        }
        return value;
    }
}
