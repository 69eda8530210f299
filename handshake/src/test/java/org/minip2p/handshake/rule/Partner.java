package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The behaviors that the other end may have. */
enum Partner {
    OURS,
    SEED,
    GO,
    ANCHOR,
    SILENT;

    /**
     * All scenarios with this partner and this number of connections, each dialed by either end.
     *
     * @param behaviourOfA the behavior of A, and of B if this partner is one of ours
     * @param setting what else happens
     */
    List<Scenario> scenarios(Behaviour<?> behaviourOfA, int connections, Setting setting) {
        List<Scenario> scenarios = new ArrayList<>();
        for (int dialedByA = 0; dialedByA <= connections; dialedByA++) {
            boolean isMirrored = this == OURS && setting.isSymmetric() && 2 * dialedByA < connections;
            if (!isMirrored) {
                scenarios.add(scenario(behaviourOfA, connections, dialedByA, setting));
            }
        }
        return scenarios;
    }

    private Scenario scenario(Behaviour<?> behaviourOfA, int connections, int dialedByA, Setting setting) {
        ModelEnd<?> a = new ModelEnd<>(behaviourOfA);
        ModelEnd<?> b = switch (this) {
            case OURS -> a;
            case SEED -> new ModelEnd<>(new SeedBehaviour(false));
            case GO -> new ModelEnd<>(new GoBehaviour());
            case ANCHOR -> new ModelEnd<>(new SeedBehaviour(true));
            case SILENT -> new ModelEnd<>(new SilentBehaviour());
        };
        List<Boolean> dialers =
                IntStream.range(0, connections).mapToObj(c -> c < dialedByA).toList();
        return new Scenario(
                a,
                b,
                dialers,
                setting.faults(),
                setting.clocks(),
                setting.asksOfA(),
                this == OURS ? setting.asksOfB() : 0,
                setting.askTime());
    }

    /**
     * What else happens in a scenario.
     *
     * @param faults the maximum number of faults
     * @param clocks how the clocks advance
     * @param asksOfA how often the application may tell A to ask again
     * @param asksOfB how often the application may tell B to do so, if B is one of ours
     * @param askTime when the application may do so
     */
    record Setting(int faults, Scenario.Clocks clocks, int asksOfA, int asksOfB, Scenario.AskTime askTime) {
        /** Only this many faults. */
        static Setting faults(int faults) {
            return new Setting(faults, Scenario.Clocks.STOPPED, 0, 0, Scenario.AskTime.ANY);
        }

        Setting with(Scenario.Clocks value) {
            return new Setting(faults, value, asksOfA, asksOfB, askTime);
        }

        /** With this many asks of each end, at this time. */
        Setting withAsks(int ofA, int ofB, Scenario.AskTime time) {
            return new Setting(faults, clocks, ofA, ofB, time);
        }

        boolean isSymmetric() {
            boolean isSameClock = clocks != Scenario.Clocks.B_STAYS_BEHIND;
            return asksOfA == asksOfB && isSameClock;
        }
    }
}
