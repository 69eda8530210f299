package org.minip2p.handshake.rule;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state of a {@link World} that some order of events leads to, each once, nearest first. So the first
 * broken invariant has the shortest path.
 */
final class Exploration {
    private static final int L = World.LONGS;
    private static final int BLOCK_BITS = 14;
    private static final int BLOCK = 1 << BLOCK_BITS;

    /**
     * The result of an exploration.
     *
     * @param states the number of distinct states
     * @param transitions the number of steps from one state to another
     * @param orders the number of orders of events, from the start to an end where nothing can happen any more
     * @param goals the number of states in which the caller's goal is met
     * @param violation the broken invariant, or empty
     * @param path the steps to the violation, one per line
     */
    record Result(int states, long transitions, BigInteger orders, int goals, String violation, List<String> path) {
        /** A clean result, with nothing explored. */
        static Result clean() {
            return new Result(0, 0, BigInteger.ZERO, 0, "", List.of());
        }

        boolean isClean() {
            return violation.isEmpty();
        }
    }

    private final World world;
    private final Choices choices;
    private final Steps steps;
    private final Invariants invariants;
    private final Predicate<World> goal;
    private int goals;
    /** The states, in blocks, so that growing does not copy them. */
    private long[][] arena = new long[1][];

    private int[] table = new int[1 << 14];
    private int[] parents = new int[1 << 13];
    private int[] labelOf = new int[1 << 13];
    private int[] edges = new int[1 << 16];
    private int[] edgeStart = new int[1 << 13];
    private int size;
    private int edgeCount;
    /**
     * How many of a state's predecessors have not been counted. At the end it is above 0 only in cycles and after them.
     */
    private int[] missing = {};

    private final long[] key = new long[L];
    private final int[] labels = new int[128];

    /**
     * For each edge, whether time passes on it, and (below) whether A starts an exchange on it. Needed to look for
     * cycles.
     */
    private final BitSet timed = new BitSet();

    private final BitSet starts = new BitSet();

    private Exploration(Scenario scenario, Predicate<World> goal) {
        this.world = new World(scenario);
        this.choices = new Choices(world);
        this.invariants = new Invariants(world);
        this.steps = new Steps(world, invariants);
        this.goal = goal;
    }

    static Result explore(Scenario scenario) {
        return explore(scenario, world -> false);
    }

    /**
     * Explores everything, and counts the states in which the goal is met.
     *
     * @param goal the condition to count
     */
    static Result explore(Scenario scenario, Predicate<World> goal) {
        return new Exploration(scenario, goal).run();
    }

    private Result run() {
        world.pack(key);
        add(-1, 0);
        for (int i = 0; i < size; i++) {
            load(i);
            String violation = invariants.violation();
            if (violation != null) {
                return new Result(size, edgeCount, BigInteger.ZERO, goals, violation, pathTo(i));
            }
            goals += goal.test(world) ? 1 : 0;
            edgeStart[i] = edgeCount;
            int count = isOver() ? 0 : choices.next(labels);
            for (int k = 0; k < count; k++) {
                load(i);
                steps.apply(labels[k]);
                String broken = invariants.violation();
                if (broken != null) {
                    List<String> path = pathTo(i);
                    load(i);
                    path.add(Words.describe(world, labels[k]));
                    return new Result(size, edgeCount, BigInteger.ZERO, goals, broken, path);
                }
                timed.set(edgeCount, world.hasTimePassed);
                starts.set(edgeCount, world.hasAStarted);
                world.pack(key);
                addEdge(add(i, labels[k]));
            }
        }
        edgeStart[size] = edgeCount;
        if (world.scenario.b().isSilent()) {
            return silentResult();
        }
        BigInteger orders = orders();
        if (orders == null) {
            return new Result(size, edgeCount, BigInteger.ZERO, goals, "it can go on forever", circle(-1, missing));
        }
        return new Result(size, edgeCount, orders, goals, "", List.of());
    }

    /**
     * Whether we have reported an outcome for a peer that goes on forever. Until its last connection closes, the rest
     * is of no interest.
     */
    private boolean isOver() {
        World.End ours = world.ends[0];
        return world.scenario.b().isSilent() && (ours.completed > 0 || ours.hasFailed);
    }

    private void load(int state) {
        System.arraycopy(block(state), offset(state), key, 0, L);
        world.load(key);
    }

    private long[] block(int state) {
        return arena[state >> BLOCK_BITS];
    }

    private static int offset(int state) {
        return (state & BLOCK - 1) * L;
    }

    /** Whether this state is the one in {@code key}. */
    private boolean isAt(int state) {
        int offset = offset(state);
        return Arrays.equals(block(state), offset, offset + L, key, 0, L);
    }

    /** The number of the state in {@code key}. Adds the state if it is new. */
    private int add(int parent, int label) {
        int slot = slot(key, 0);
        while (table[slot] != 0) {
            int known = table[slot] - 1;
            if (isAt(known)) {
                return known;
            }
            slot = slot + 1 & table.length - 1;
        }
        int added = size++;
        grow();
        System.arraycopy(key, 0, block(added), offset(added), L);
        parents[added] = parent;
        labelOf[added] = label;
        if (table[slot] == 0) {
            table[slot] = added + 1;
        }
        if (size * 2 > table.length) {
            rehash();
        }
        return added;
    }

    private int slot(long[] from, int offset) {
        long hash = 0;
        for (int i = 0; i < L; i++) {
            hash = (hash ^ from[offset + i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash & table.length - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int i = 0; i < size; i++) {
            int slot = slot(block(i), offset(i));
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = i + 1;
        }
    }

    private void grow() {
        int block = (size - 1) >> BLOCK_BITS;
        if (block == arena.length) {
            arena = Arrays.copyOf(arena, arena.length * 2);
        }
        if (arena[block] == null) {
            arena[block] = new long[BLOCK * L];
        }
        if (size + 1 > parents.length) {
            parents = Arrays.copyOf(parents, parents.length * 2);
            labelOf = Arrays.copyOf(labelOf, labelOf.length * 2);
            edgeStart = Arrays.copyOf(edgeStart, edgeStart.length * 2);
        }
    }

    private void addEdge(int to) {
        if (edgeCount == edges.length) {
            edges = Arrays.copyOf(edges, edges.length * 2);
        }
        edges[edgeCount++] = to;
    }

    /** The exact number of paths from the start to the ends, or null if there is a cycle. */
    private @Nullable BigInteger orders() {
        missing = new int[size];
        for (int i = 0; i < edgeCount; i++) {
            missing[edges[i]]++;
        }
        // Numbers of 126 bits, in two parts of 63 bits.
        long[] high = new long[size];
        long[] low = new long[size];
        low[0] = 1;
        int[] ready = new int[size];
        int readyCount = 1;
        BigInteger orders = BigInteger.ZERO;
        for (int i = 0; i < readyCount; i++) {
            int state = ready[i];
            if (edgeStart[state] == edgeStart[state + 1]) {
                orders = orders.add(
                        BigInteger.valueOf(high[state]).shiftLeft(Long.SIZE - 1).add(BigInteger.valueOf(low[state])));
            }
            for (int k = edgeStart[state]; k < edgeStart[state + 1]; k++) {
                int to = edges[k];
                long sum = low[to] + low[state];
                high[to] = Math.addExact(high[to], high[state] + (sum < 0 ? 1 : 0));
                low[to] = sum & Long.MAX_VALUE;
                if (--missing[to] == 0) {
                    ready[readyCount++] = to;
                }
            }
        }
        return readyCount == size ? orders : null;
    }

    /**
     * With a peer that goes on forever there are cycles. In none of them may time pass while we have a connection and
     * have reported nothing, unless we start an exchange.
     */
    private Result silentResult() {
        BitSet waiting = new BitSet();
        for (int i = 0; i < size; i++) {
            load(i);
            waiting.set(i, world.hasOpen(0) && !isOver());
        }
        int[] component = new Components(size, edgeStart, edges, starts, waiting).find();
        for (int i = waiting.nextSetBit(0); i >= 0; i = waiting.nextSetBit(i + 1)) {
            for (int k = edgeStart[i]; k < edgeStart[i + 1]; k++) {
                boolean isInside = waiting.get(edges[k]) && component[edges[k]] == component[i];
                if (isInside && timed.get(k) && !starts.get(k)) {
                    String what = "invariant 10: time passes forever, and A asks nothing and tells nothing";
                    return new Result(size, edgeCount, BigInteger.ZERO, goals, what, circle(k, component));
                }
            }
        }
        return new Result(size, edgeCount, BigInteger.ONE.negate(), goals, "", List.of());
    }

    /**
     * The path to a cycle, and once around it.
     *
     * @param through an edge of the cycle, or -1 for any cycle
     * @param inside the component of each state; the cycle is among the states of one component, or among those above 0
     *     if {@code through} is -1
     */
    private List<String> circle(int through, int[] inside) {
        int from = through < 0 ? -1 : source(through);
        int[] before = new int[size];
        int at = from;
        if (through < 0) {
            for (int state = 0; state < size; state++) {
                for (int k = edgeStart[state]; inside[state] > 0 && k < edgeStart[state + 1]; k++) {
                    before[edges[k]] = state;
                    at = edges[k];
                }
            }
        } else {
            walkBack(from, edges[through], inside, before);
            before[edges[through]] = from;
        }
        List<Integer> walked = new ArrayList<>();
        while (!walked.contains(at)) {
            walked.add(at);
            at = before[at];
        }
        List<String> path = pathTo(at);
        path.add("and from here, again and again:");
        int last = at;
        for (int i = walked.size() - 1; i >= walked.indexOf(at); i--) {
            path.add(stepBetween(last, walked.get(i)));
            last = walked.get(i);
        }
        return path;
    }

    private int source(int edge) {
        int state = 0;
        while (edgeStart[state + 1] <= edge) {
            state++;
        }
        return state;
    }

    /** Finds the shortest path inside a component on which A starts no exchange, as each state's predecessor. */
    private void walkBack(int to, int from, int[] component, int[] before) {
        BitSet seen = new BitSet();
        List<Integer> queue = new ArrayList<>(List.of(from));
        seen.set(from);
        for (int i = 0; i < queue.size() && !seen.get(to); i++) {
            int state = queue.get(i);
            for (int k = edgeStart[state]; k < edgeStart[state + 1]; k++) {
                int next = edges[k];
                if (component[next] == component[state] && !starts.get(k) && !seen.get(next)) {
                    seen.set(next);
                    before[next] = state;
                    queue.add(next);
                }
            }
        }
    }

    private String stepBetween(int from, int to) {
        load(from);
        int count = choices.next(labels);
        for (int k = 0; k < count; k++) {
            load(from);
            steps.apply(labels[k]);
            world.pack(key);
            if (isAt(to)) {
                load(from);
                return Words.describe(world, labels[k]);
            }
        }
        throw new IllegalStateException("no step from " + from + " to " + to);
    }

    private List<String> pathTo(int state) {
        List<Integer> reversed = new ArrayList<>();
        for (int i = state; parents[i] >= 0; i = parents[i]) {
            reversed.add(i);
        }
        Collections.reverse(reversed);
        List<String> path = new ArrayList<>();
        for (int i : reversed) {
            load(parents[i]);
            path.add(Words.describe(world, labelOf[i]));
        }
        return path;
    }
}
