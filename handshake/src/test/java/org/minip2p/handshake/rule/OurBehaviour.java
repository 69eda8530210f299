package org.minip2p.handshake.rule;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Our rule, whole or without one of its clauses. */
record OurBehaviour(
        Function<PeerState, Turn> rule, int waitSeconds, int deadlineSeconds, int repeatSeconds, Networks networks)
        implements Behaviour<PeerState> {
    private static final int REPEAT = 3;
    private static final int DEADLINE = 5;

    static OurBehaviour whole() {
        return new OurBehaviour(Turn::new, DEADLINE, DEADLINE, REPEAT, Networks.WINDOW);
    }

    static OurBehaviour without(Ablation clause) {
        return new OurBehaviour(clause.rule(), DEADLINE, DEADLINE, REPEAT, Networks.WINDOW);
    }

    /** With another deadline. */
    OurBehaviour withDeadline(int seconds) {
        return new OurBehaviour(rule, waitSeconds, seconds, repeatSeconds, networks);
    }

    /** With another time to the repeat; 0 for no repeat. */
    OurBehaviour withRepeat(int seconds) {
        return new OurBehaviour(rule, waitSeconds, deadlineSeconds, seconds, networks);
    }

    /** With another way to name and accept networks. */
    OurBehaviour withNetworks(Networks value) {
        return new OurBehaviour(rule, waitSeconds, deadlineSeconds, repeatSeconds, value);
    }

    @Override
    public PeerState unknown() {
        return PeerState.UNKNOWN;
    }

    @Override
    public PeerState peer(PeerState state) {
        return state;
    }

    @Override
    public Outcome<PeerState> apply(PeerState state, ModelEvent event) {
        return apply(rule, state, event.event());
    }

    static Outcome<PeerState> apply(Function<PeerState, Turn> rule, PeerState state, @Nullable Event event) {
        if (event == null) {
            throw new IllegalArgumentException("ours takes no free steps");
        }
        HandshakeRule.Outcome outcome = rule.apply(state).after(event);
        return new Outcome<>(outcome.state(), outcome.actions());
    }
}
