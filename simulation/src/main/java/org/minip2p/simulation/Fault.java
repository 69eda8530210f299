package org.minip2p.simulation;

/** The faults that a host can have. */
enum Fault {
    /** A socket ends at any byte, and both ends see a reset. */
    CUT,
    /** Data from one end no longer arrives, and neither end notices. */
    MUTE,
    /** Some machines cannot reach one another for a while. */
    PARTITION,
    /** A whole host is suspended for a while. */
    SUSPEND,
    /** Tasks of the application do not return for a while. */
    BLOCKED_LISTENER,
    /** Listeners of the application throw. */
    THROWING_LISTENER,
    /** The gater of the application throws. */
    THROWING_GATER,
    /** Sockets cannot be created. */
    NO_DESCRIPTOR,
    /** Buffers cannot be allocated. */
    NO_MEMORY,
    /** Name look-ups hang for a while. */
    SLOW_RESOLVER,
    /** Name look-ups fail. */
    FAILING_RESOLVER,
    /** A clock jumps. */
    CLOCK_JUMP,
    /** A host closes in the middle of its work, and another one starts under the same identity. */
    RESTART,
    /** A process disappears suddenly, and another one starts under the same identity at the same address. */
    CRASH
}
