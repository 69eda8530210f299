package org.minip2p.core;

import java.security.Provider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conscrypt, if it is on the class path and has a library for this machine: several times faster than the alternatives. It is loaded by name,
 * so that it stays optional, and never installed as a provider of the JVM.
 *
 * <p>The system property {@value #PROPERTY}, set to {@code false} at start, turns it off.
 */
public final class Conscrypt {
    /** The system property that turns it off. */
    public static final String PROPERTY = "org.minip2p.conscrypt";

    private static final @Nullable Provider PROVIDER = load();

    private Conscrypt() {}

    /** {@return the provider, if it can be used} */
    public static Optional<Provider> provider() {
        return Optional.ofNullable(PROVIDER);
    }

    private static @Nullable Provider load() {
        if ("false".equals(System.getProperty(PROPERTY))) {
            return null;
        }
        try {
            return (Provider) Class.forName("org.conscrypt.Conscrypt")
                    .getMethod("newProvider")
                    .invoke(null);
        } catch (ReflectiveOperationException | LinkageError e) {
            // It is missing, or its native library does not load: the alternatives also work, but are slower.
            return null;
        }
    }
}
