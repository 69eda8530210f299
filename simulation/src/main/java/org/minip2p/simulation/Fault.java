package org.minip2p.simulation;

/** What a host suffers. */
enum Fault {
    /** A socket ends at any byte, and both ends see a reset. */
    CUT,
    /** Nothing that one end sends arrives any more, and nobody is told. */
    MUTE,
    /** Some machines cannot reach one another for a while. */
    PARTITION,
    /** All of a host stands still for a while. */
    SUSPEND,
    /** Tasks of the application do not return for a while. */
    BLOCKED_LISTENER,
    /** What the application does with events throws. */
    THROWING_LISTENER,
    /** What the application answers for whoever wants in throws. */
    THROWING_GATER,
    /** Sockets cannot be made. */
    NO_DESCRIPTOR,
    /** Buffers cannot be made. */
    NO_MEMORY,
    /** Look-ups of names hang for a while. */
    SLOW_RESOLVER,
    /** They fail. */
    FAILING_RESOLVER,
    /** A clock jumps. */
    CLOCK_JUMP,
    /** A host closes in the middle of whatever it does, and another one starts under the same identity. */
    RESTART,
    /** A process is gone from one moment to the next, and another one starts under the same identity at the same address. */
    CRASH
}
