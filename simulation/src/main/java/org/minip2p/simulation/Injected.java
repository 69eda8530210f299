package org.minip2p.simulation;

import org.jspecify.annotations.Nullable;

/** What the simulation makes foreign code throw: an exception, an error, or an error that reports a lack of memory. */
interface Injected {
    /** An exception, such as an application throws for a bad argument. */
    static RuntimeException exception(String where) {
        return new OfAnApplication(where);
    }

    /** An error, such as an application throws when a class is missing. */
    static Error error(String where) {
        return new OfALinker(where);
    }

    /** An error, such as an allocator throws. */
    static Error noMemory(int bytes) {
        return new NoMemory(bytes);
    }

    /** Whether an injected failure is the cause of something that was thrown, or was suppressed by it. */
    static boolean isCauseOf(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Injected) {
                return true;
            }
            for (Throwable other : cause.getSuppressed()) {
                if (other instanceof Injected) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The exception of an application. */
    final class OfAnApplication extends RuntimeException implements Injected {
        private static final long serialVersionUID = 1;

        private OfAnApplication(String where) {
            super("thrown by " + where + ", injected by the simulation");
        }
    }

    /** The error of a missing class. */
    final class OfALinker extends NoClassDefFoundError implements Injected {
        private static final long serialVersionUID = 1;

        private OfALinker(String where) {
            super("thrown by " + where + ", injected by the simulation");
        }
    }

    /** The error of an allocator. */
    final class NoMemory extends OutOfMemoryError implements Injected {
        private static final long serialVersionUID = 1;

        private NoMemory(int bytes) {
            super("no memory for " + bytes + " bytes, injected by the simulation");
        }
    }
}
