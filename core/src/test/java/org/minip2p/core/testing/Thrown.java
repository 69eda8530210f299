package org.minip2p.core.testing;

/** Throws checked exceptions without declaring them, as code in other JVM languages may. */
public final class Thrown {
    private Thrown() {}

    /**
     * Throws an exception of this type.
     *
     * @param type a type with a constructor that takes a message
     * @return never returns; the type is for a caller that writes {@code throw}
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
