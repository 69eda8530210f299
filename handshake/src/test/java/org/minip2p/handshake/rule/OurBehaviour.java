package org.minip2p.handshake.rule;

import java.util.function.Function;

/** Our rule, whole or without one of its clauses. */
record OurBehaviour(Function<PeerState, Turn> rule, int waitUnits, int deadlineUnits) implements Behaviour<PeerState> {
    static OurBehaviour whole() {
        return new OurBehaviour(Turn::new, 1, 1);
    }

    static OurBehaviour without(Ablation clause) {
        return new OurBehaviour(clause.rule(), 1, 1);
    }

    /** Wait and deadline of other lengths, in units of 5 s. */
    static OurBehaviour timed(int waitUnits, int deadlineUnits) {
        return new OurBehaviour(Turn::new, waitUnits, deadlineUnits);
    }

    @Override
    public PeerState unknown() {
        return PeerState.UNKNOWN;
    }

    @Override
    public Outcome<PeerState> apply(PeerState state, Event event) {
        HandshakeRule.Outcome outcome = rule.apply(state).after(event);
        return new Outcome<>(outcome.state(), outcome.actions());
    }
}
