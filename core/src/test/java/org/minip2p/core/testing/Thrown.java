package org.minip2p.core.testing;

/** Throws what no signature names, as code in other languages of the JVM may. */
public final class Thrown {
    private Thrown() {}

    /**
     * Throws one of this type.
     *
     * @param type has a constructor that takes a message
     * @return nothing; so that a caller can say {@code throw}
     */
    public static RuntimeException undeclared(Class<? extends Throwable> type) {
        Throwable thrown;
        try {
            thrown = type.getConstructor(String.class).newInstance("as the test wants it");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no constructor with a message: " + type, e);
        }
        Thrown.<RuntimeException>sneak(thrown);
        throw new AssertionError("thrown before");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
