package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A behavior with numbered states. A world needs to store only a number, and each step is computed once. */
final class ModelEnd<S> {
    /** A step: the number of the next state, and the actions. */
    record Step(int state, List<Action> actions) {}

    /** The number of the state of an end without connections. */
    static final int UNKNOWN = 0;

    private final Behaviour<S> behaviour;
    private final boolean isOurs;
    private final List<S> states = new ArrayList<>();
    private final List<List<ModelEvent>> freeSteps = new ArrayList<>();
    private final Map<S, Integer> numbers = new HashMap<>();
    private final List<@Nullable Step[]> steps = new ArrayList<>();

    ModelEnd(Behaviour<S> behaviour) {
        this.behaviour = behaviour;
        this.isOurs = behaviour.peer(behaviour.unknown()) != null;
        number(behaviour.unknown());
    }

    Behaviour<S> behaviour() {
        return behaviour;
    }

    boolean isOurs() {
        return isOurs;
    }

    boolean isGo() {
        return behaviour instanceof GoBehaviour;
    }

    boolean isSeed() {
        return behaviour instanceof SeedBehaviour;
    }

    boolean isAnchor() {
        return behaviour instanceof SeedBehaviour seed && seed.isAnchor();
    }

    boolean isSilent() {
        return behaviour instanceof SilentBehaviour;
    }

    boolean isStrict() {
        return behaviour.networks() == Networks.STRICT;
    }

    /** The state of our rule in this state of the end. */
    PeerState peer(int number) {
        PeerState peer = behaviour.peer(states.get(number));
        if (peer == null) {
            throw new IllegalStateException("not ours: " + behaviour);
        }
        return peer;
    }

    List<ModelEvent> freeSteps(int number) {
        return freeSteps.get(number);
    }

    Step step(int state, ModelEvent event) {
        @Nullable Step[] known = steps.get(state);
        Step step = known[event.code()];
        if (step == null) {
            Behaviour.Outcome<S> outcome = behaviour.apply(states.get(state), event);
            step = new Step(number(outcome.state()), List.copyOf(outcome.actions()));
            known[event.code()] = step;
        }
        return step;
    }

    private int number(S state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        int number = states.size();
        numbers.put(state, number);
        states.add(state);
        freeSteps.add(behaviour.freeSteps(state));
        steps.add(new @Nullable Step[ModelEvent.CODES]);
        return number;
    }
}
