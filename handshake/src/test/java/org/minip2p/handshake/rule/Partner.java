package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The three rules that the other end may follow. */
enum Partner {
    OURS,
    SEED,
    GO;

    /** All worlds of this partner with so many connections, each dialed by either end, with so many faults. */
    List<World> worlds(Behaviour<?> behaviourOfA, int connections, int faults) {
        List<World> worlds = new ArrayList<>();
        for (int dialedByA = 0; dialedByA <= connections; dialedByA++) {
            boolean isMirrored = this == OURS && 2 * dialedByA < connections;
            if (!isMirrored) {
                worlds.add(world(behaviourOfA, connections, dialedByA, faults));
            }
        }
        return worlds;
    }

    private World world(Behaviour<?> behaviourOfA, int connections, int dialedByA, int faults) {
        ModelEnd<?> a = new ModelEnd<>(behaviourOfA);
        ModelEnd<?> b = switch (this) {
            case OURS -> a;
            case SEED -> new ModelEnd<>(new SeedBehaviour());
            case GO -> new ModelEnd<>(new GoBehaviour());
        };
        boolean[] dialers = new boolean[connections];
        Arrays.fill(dialers, 0, dialedByA, true);
        return new World(a, b, dialers, faults);
    }
}
