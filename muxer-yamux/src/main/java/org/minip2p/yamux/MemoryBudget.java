package org.minip2p.yamux;

/**
 * Memory that several connections share, such as a quarter of a host's direct memory. A connection counts here what it
 * holds, in steps of {@value ConnectionBudget#HOST_STEP_BYTES} bytes, and nothing while it holds nothing.
 *
 * <p>Implementations are thread-safe.
 */
public interface MemoryBudget {
    /** An unlimited budget. */
    MemoryBudget UNLIMITED = new MemoryBudget() {
        @Override
        public boolean hold(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {}

        @Override
        public boolean isShort() {
            return false;
        }

        @Override
        public boolean isExceeded() {
            return false;
        }
    };

    /**
     * Counts memory that is already held, even beyond the limit.
     *
     * @param bytes how much
     * @return false when more is held now than the limit
     */
    boolean hold(long bytes);

    /**
     * Releases memory.
     *
     * @param bytes how much, at most what was counted
     */
    void release(long bytes);

    /** Whether so little is left that no window may grow, and grown windows must shrink. */
    boolean isShort();

    /** Whether more is held than the limit. */
    boolean isExceeded();

    /**
     * More is held than the limit, because peers may send that much. An implementation may close the connection that
     * holds most; otherwise the calling connection resets one of its own streams.
     *
     * @return whether memory will be released soon
     */
    default boolean makeRoom() {
        return false;
    }
}
