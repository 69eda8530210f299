package org.minip2p.yamux;

/**
 * Memory that several connections share, such as a quarter of a host's direct memory. A connection takes from it what
 * it holds for its peer, in steps of {@value ConnectionBudget#HOST_STEP_BYTES} bytes, and never holds anything while
 * nothing is unread.
 *
 * <p>Implementations are thread-safe.
 */
public interface MemoryBudget {
    /** A budget that never ends. */
    MemoryBudget UNLIMITED = new MemoryBudget() {
        @Override
        public boolean tryReserve(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {}
    };

    /**
     * Takes memory.
     *
     * @param bytes how much
     * @return false when that is not free, and nothing was taken
     */
    boolean tryReserve(long bytes);

    /**
     * Gives memory back.
     *
     * @param bytes how much, at most what was taken
     */
    void release(long bytes);

    /**
     * A connection holds more than could be taken, because its peer may send that much. Whoever shares the memory can
     * end the one that holds most; without that, the connection that asks ends a stream of its own.
     *
     * @return whether memory will be given back soon
     */
    default boolean makeRoom() {
        return false;
    }
}
