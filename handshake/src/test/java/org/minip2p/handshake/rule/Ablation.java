package org.minip2p.handshake.rule;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;

/** The rule without one of its clauses. Exploring what happens without a clause shows why the rule needs it. */
enum Ablation {
    /** Clause 1: while an exchange of ours is in flight, no other is started. */
    ONE_OF_OURS_AT_A_TIME(state -> new Turn(state) {
        @Override
        boolean isHeldByOurs() {
            return false;
        }
    }),
    /** Clause 2: while the peer is not covered and one of its exchanges is in flight, nothing is started. */
    LET_THE_PEER_FINISH(state -> new Turn(state) {
        @Override
        boolean isHeldByThePeer() {
            return false;
        }
    }),
    /** Clause 2: when the peer's exchange ends, in whatever way, the rule runs again. */
    HOWEVER_IT_ENDS(state -> new Turn(state) {
        private boolean isNoEnd;

        @Override
        public void on(Event.RequestDied event) {
            super.on(event);
            isNoEnd = true;
        }

        @Override
        boolean isHeldByOurs() {
            return isNoEnd || super.isHeldByOurs();
        }
    }),
    /** Clause 3: when the peer is covered, each outbound connection still carries one exchange. */
    ASK_ON_EACH_OUTBOUND(state -> new Turn(state) {
        @Override
        @Nullable Connection nextOutbound() {
            return null;
        }
    }),
    /** Clause 3: but no exchange is started while one of the peer's exchanges is in flight. */
    ASK_AFTER_THE_PEER(state -> new Turn(state) {
        @Override
        boolean isHeldByThePeerWhenCovered() {
            return false;
        }
    }),
    /** Clause 3: an exchange that was reset or stalled is tried again on the same connection. */
    ASK_AGAIN(state -> new Turn(state) {
        @Override
        @Nullable Connection nextOutbound() {
            return first(c -> c.outbound() && !c.covers() && !c.ours().hasEnded());
        }
    }),
    /** Clause 4: start on an outbound connection on which none of ours has ended. */
    START_OUTBOUND(state -> new Turn(state) {
        @Override
        @Nullable Connection nextUntriedOutbound() {
            return null;
        }
    }),
    /** Clause 4: after one of ours has died, start on any connection. */
    REDO_AFTER_DEATH(state -> new Turn(state) {
        @Override
        void reachAnyAfterDeath() {}
    }),
    /** Clause 4: after a wait has ended, start on any connection. */
    REDO_AFTER_WAIT(state -> new Turn(state) {
        @Override
        void reachAnyAfterWait() {}
    }),
    /** Clause 5: if the peer is not covered and there is nothing to start, wait. */
    WAIT(state -> new Turn(state) {
        @Override
        void armWait() {}
    }),
    /** Clause 5: the wait belongs to the peer. It is armed whenever it is needed, not with each new connection. */
    WAIT_PER_PEER(state -> new Turn(state) {
        private boolean isNew;

        @Override
        public void on(Event.ConnectionEstablished event) {
            super.on(event);
            isNew = true;
        }

        @Override
        void armWait() {
            if (isNew) {
                super.armWait();
            }
        }
    }),
    /** Dying: after a reset or a deadline, two more tries follow. */
    RETRY(state -> new Turn(state) {
        @Override
        int maxDeaths() {
            return 1;
        }
    }),
    /** Dying: tries are counted for each connection, not for the peer. */
    TRIES_PER_CONNECTION(state -> new Turn(state) {
        @Override
        boolean hasTries(Connection connection) {
            List<Connection> all = draft.outcome().state().connections();
            return all.stream().mapToInt(Connection::deaths).sum() < maxDeaths();
        }
    }),
    /** Dying: a close costs no try, and nothing is started on a connection that is closing. */
    CLOSE_IS_NO_TRY(state -> new Turn(state) {
        @Override
        boolean isNoTry(Ending ending) {
            return false;
        }
    }),
    /** Dying: the last close reports that an exchange of ours was unfinished. */
    LAST_CLOSE_IS_TOLD(state -> new Turn(state) {
        @Override
        void tellLastClose(long connection) {}
    }),
    /** Losing cover: the cover ends with the last connection that carried a completed exchange. */
    COVER_ENDS(state -> new Turn(state) {
        @Override
        boolean isCovered() {
            return draft.news == News.COMPLETED || super.isCovered();
        }
    }),
    /** A new start: without connections, everything is forgotten. */
    FORGET_AT_ZERO(state -> new Turn(state) {
        @Override
        void forgetWhatWasTold() {}
    }),
    /** Completed is reported once. */
    COMPLETED_ONCE(state -> new Turn(state) {
        @Override
        void tellVerified(long id, boolean initiatedByUs) {
            draft.news = News.COMPLETED;
            draft.act(new Action.TellCompleted(id, initiatedByUs));
        }
    }),
    /** The repeat: the first exchange of ours that completes on a connection is repeated. */
    REPEAT(state -> new Turn(state) {
        @Override
        void armRepeat(Connection asked) {}
    }),
    /** The repeat: an exchange on an inbound connection is repeated, too. */
    REPEAT_OF_INBOUND(state -> new Turn(state) {
        @Override
        void armRepeat(Connection asked) {
            if (asked.outbound()) {
                super.armRepeat(asked);
            }
        }
    }),
    /** The repeat: it is tried again like any other exchange. */
    REPEAT_IS_TRIED_AGAIN(state -> new Turn(state) {
        @Override
        public void on(Event.OursEnded event) {
            super.on(event);
            draft.fulfilRepeat();
        }
    }),
    /** A due exchange has priority over clause 3. */
    DUE_BEFORE_OUTBOUND(state -> new Turn(state) {
        @Override
        void decideCovered() {
            if (isHeldByThePeerWhenCovered() || !draft.start(nextOutbound())) {
                super.decideCovered();
            }
        }
    }),
    /** A due exchange is started on a connection on which the peer is not asking. */
    DUE_WHERE_THE_PEER_IS_NOT_ASKING(state -> new Turn(state) {
        @Override
        @Nullable Connection nextDue() {
            Connection untried = first(c -> c.deaths() == 0);
            return untried != null ? untried : first(c -> true);
        }
    }),
    /** Asking again: an ask makes an exchange due. */
    ASK_IS_DUE(state -> new Turn(state) {
        @Override
        boolean isDue() {
            return draft.isRepeatDue();
        }
    }),
    /** Asking again: an ask renews the tries on every connection. */
    ASK_RENEWS_TRIES(state -> new Turn(state) {
        @Override
        void renewTries() {}
    }),
    /** Asking again: an exchange for which our own info was read before the ask does not answer the ask. */
    STALE_IS_NO_ANSWER(state -> new Turn(state) {
        @Override
        boolean answersTheAsk(boolean stale) {
            return true;
        }
    }),
    /** Asking again: an ask that failed on every connection is reported. */
    ASK_FAILURE_IS_TOLD(state -> new Turn(state) {
        @Override
        void oweTheAsk() {}
    }),
    /** Patience: after three deaths, the peer's exchanges no longer delay ours. */
    PATIENCE_ENDS(state -> new Turn(state) {
        @Override
        boolean isPatient() {
            return true;
        }
    }),
    /** Patience: a close counts for each exchange that it ends. */
    CLOSE_COUNTS_FOR_PATIENCE(state -> new Turn(state) {
        @Override
        void theirsDiedOfAClose(int count) {}
    });

    @SuppressWarnings("ImmutableEnumChecker") // each makes a new turn and keeps no state
    private final Function<PeerState, Turn> rule;

    Ablation(Function<PeerState, Turn> rule) {
        this.rule = rule;
    }

    Function<PeerState, Turn> rule() {
        return rule;
    }
}
