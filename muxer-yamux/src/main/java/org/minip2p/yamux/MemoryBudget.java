package org.minip2p.yamux;

/**
 * Memory that several connections share, such as a quarter of a host's direct memory. A connection counts here what it
 * holds, in steps of {@value ConnectionBudget#HOST_STEP_BYTES} bytes, and nothing while it holds nothing.
 *
 * <p>Implementations are thread-safe.
 */
public interface MemoryBudget {
    /** A budget that never ends. */
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
     * Counts memory that is held already, whether there is as much or not.
     *
     * @param bytes how much
     * @return false when more is held now than there is
     */
    boolean hold(long bytes);

    /**
     * Gives memory back.
     *
     * @param bytes how much, at most what was counted
     */
    void release(long bytes);

    /** Whether so little is left that no window may grow, and grown ones have to shrink. */
    boolean isShort();

    /** Whether more is held than there is. */
    boolean isExceeded();

    /**
     * More is held than there is, because peers may send that much. Whoever shares the memory can end the one that holds
     * most; without that, the connection that asks ends a stream of its own.
     *
     * @return whether memory will be given back soon
     */
    default boolean makeRoom() {
        return false;
    }
}
