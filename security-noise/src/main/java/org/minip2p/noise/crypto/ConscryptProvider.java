package org.minip2p.noise.crypto;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Conscrypt, if it is on the class path and runs on this machine. It is used by name, so that nobody needs it, and never installed as a
 * provider of the JVM.
 */
final class ConscryptProvider {
    private static final @Nullable Provider PROVIDER = load();

    private ConscryptProvider() {}

    static boolean isAvailable() {
        return PROVIDER != null;
    }

    static Provider get() {
        if (PROVIDER == null) {
            throw new IllegalStateException("Conscrypt is not on the class path, or has no library for this machine");
        }
        return PROVIDER;
    }

    private static @Nullable Provider load() {
        try {
            return (Provider) Class.forName("org.conscrypt.Conscrypt")
                    .getMethod("newProvider")
                    .invoke(null);
        } catch (ReflectiveOperationException | LinkageError e) {
            // It is not there, or its native library does not load: the JDK's cipher does as well, if slower.
            return null;
        }
    }
}
