package org.minip2p.handshake.rule;

/**
 * The clauses of {@link HandshakeRule}, by name. The rule has all of them; what each is good for is shown by taking it away and
 * exploring what then happens.
 */
enum Clause {
    /** Clause 1: while an exchange of ours is in flight, no other is started. */
    ONE_OF_OURS_AT_A_TIME,
    /** Clause 2: not covered and one of the peer's exchanges is in flight: nothing is started. */
    LET_THE_PEER_FINISH,
    /** Clause 2: the end of the peer's exchange, however it ends, runs the rule again. */
    HOWEVER_IT_ENDS,
    /** Clause 3: covered, each outbound connection still carries one exchange. */
    ASK_ON_EACH_OUTBOUND,
    /** Clause 3: not while one of the peer's exchanges is in flight. */
    ASK_AFTER_THE_PEER,
    /** Clause 3: an exchange that was reset or stalled is tried again there. */
    ASK_AGAIN,
    /** Clause 4: not covered, start on an outbound connection on which none of ours has ended. */
    START_OUTBOUND,
    /** Clause 4: after one of ours has died, start on any connection. */
    REDO_AFTER_DEATH,
    /** Clause 4: after a wait has ended, start on any connection. */
    REDO_AFTER_WAIT,
    /** Clause 5: not covered and nothing to start: wait. */
    WAIT,
    /** Clause 5: the wait is the peer's: armed whenever it is needed, not with a connection. */
    WAIT_PER_PEER,
    /** Dying: a reset or a deadline allows two more tries. */
    RETRY,
    /** Dying: the tries are each connection's, not the peer's. */
    TRIES_PER_CONNECTION,
    /** Dying: a close costs no try, and nothing is started where it is under way. */
    CLOSE_IS_NO_TRY,
    /** Dying: the last close tells that an exchange of ours was unfinished. */
    LAST_CLOSE_IS_TOLD,
    /** Losing cover: the cover ends with the last connection that carried a completed exchange. */
    COVER_ENDS,
    /** A new start: without connections nothing is known. */
    FORGET_AT_ZERO,
    /** Completed is told once. */
    COMPLETED_ONCE
}
