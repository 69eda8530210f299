package org.minip2p.simulation;

import org.jspecify.annotations.Nullable;

/** What the simulation has code throw that is not the stack's: an exception, an error, or one that says that there is no memory. */
interface Injected {
    /** As a bad argument has an application throw. */
    static RuntimeException exception(String where) {
        return new OfAnApplication(where);
    }

    /** As a class that is missing has an application throw. */
    static Error error(String where) {
        return new OfALinker(where);
    }

    /** As an allocator throws. */
    static Error noMemory(int bytes) {
        return new NoMemory(bytes);
    }

    /** Whether it is behind something that was thrown. */
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

    /** An exception. */
    final class OfAnApplication extends RuntimeException implements Injected {
        private static final long serialVersionUID = 1;

        private OfAnApplication(String where) {
            super("thrown by " + where + ", which the simulation wants");
        }
    }

    /** Creates the exception. */
    final class OfALinker extends NoClassDefFoundError implements Injected {
        private static final long serialVersionUID = 1;

        private OfALinker(String where) {
            super("thrown by " + where + ", which the simulation wants");
        }
    }

    /** No memory. */
    final class NoMemory extends OutOfMemoryError implements Injected {
        private static final long serialVersionUID = 1;

        private NoMemory(int bytes) {
            super("no memory for " + bytes + " bytes, which the simulation wants");
        }
    }
}
