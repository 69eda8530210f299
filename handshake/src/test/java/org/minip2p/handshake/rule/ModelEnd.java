package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A behaviour with its states numbered, so that a world holds a number, and each step is computed once. */
final class ModelEnd<S> {
    /** A step: the number of the next state, and the actions. */
    record Step(int state, List<Action> actions) {}

    /** The number of the state of an end without connections. */
    static final int UNKNOWN = 0;

    private final Behaviour<S> behaviour;
    private final List<S> states = new ArrayList<>();
    private final Map<S, Integer> numbers = new HashMap<>();
    private final List<@Nullable Step[]> steps = new ArrayList<>();

    ModelEnd(Behaviour<S> behaviour) {
        this.behaviour = behaviour;
        number(behaviour.unknown());
    }

    Behaviour<S> behaviour() {
        return behaviour;
    }

    boolean isOurs() {
        return behaviour instanceof OurBehaviour;
    }

    boolean isGo() {
        return behaviour instanceof GoBehaviour;
    }

    boolean isSeed() {
        return behaviour instanceof SeedBehaviour;
    }

    S state(int number) {
        return states.get(number);
    }

    Step step(int state, ModelEvent event) {
        @Nullable Step[] known = steps.get(state);
        Step step = known[event.code()];
        if (step == null) {
            Behaviour.Outcome<S> outcome = behaviour.apply(states.get(state), event.event());
            step = new Step(number(outcome.state()), List.copyOf(outcome.actions()));
            known[event.code()] = step;
        }
        return step;
    }

    private int number(S state) {
        return numbers.computeIfAbsent(state, s -> {
            states.add(s);
            steps.add(new @Nullable Step[ModelEvent.CODES]);
            return states.size() - 1;
        });
    }
}
