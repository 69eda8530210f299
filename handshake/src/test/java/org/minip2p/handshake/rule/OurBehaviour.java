package org.minip2p.handshake.rule;

import java.util.EnumSet;

/** Our rule, whole or without some of its clauses. */
record OurBehaviour(HandshakeRule rule, int waitUnits, int deadlineUnits) implements Behaviour<PeerState> {
    static OurBehaviour whole() {
        return new OurBehaviour(new HandshakeRule(), 1, 1);
    }

    static OurBehaviour without(Clause clause) {
        return new OurBehaviour(new HandshakeRule(EnumSet.complementOf(EnumSet.of(clause))), 1, 1);
    }

    /** Wait and deadline of other lengths, in units of 5 s. */
    static OurBehaviour timed(int waitUnits, int deadlineUnits) {
        return new OurBehaviour(new HandshakeRule(), waitUnits, deadlineUnits);
    }

    @Override
    public PeerState unknown() {
        return PeerState.UNKNOWN;
    }

    @Override
    public Outcome<PeerState> apply(PeerState state, Event event) {
        HandshakeRule.Outcome outcome = rule.apply(state, event);
        return new Outcome<>(outcome.state(), outcome.actions());
    }
}
