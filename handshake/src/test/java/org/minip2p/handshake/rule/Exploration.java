package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Every state of a {@link World} that any order of events leads to, each once, nearest first. So the first broken invariant has
 * the shortest path.
 */
final class Exploration {
    private static final int L = World.LONGS;

    /**
     * What came out.
     *
     * @param states how many distinct states there are
     * @param transitions how many steps lead from one to another
     * @param orders how many orders of events these stand for, from the start to an end where nothing can happen any more
     * @param violation the broken invariant, or empty
     * @param path what led to it, one line a step
     */
    record Result(int states, long transitions, long orders, String violation, List<String> path) {
        boolean isClean() {
            return violation.isEmpty();
        }
    }

    private final World world;
    private long[] arena = new long[1 << 16];
    private int[] table = new int[1 << 14];
    private int[] parents = new int[1 << 13];
    private int[] labelOf = new int[1 << 13];
    private int[] edges = new int[1 << 16];
    private int[] edgeStart = new int[1 << 13];
    private int size;
    private int edgeCount;
    /** How many of a state's predecessors have not been counted; above 0 at the end only in and behind circles. */
    private int[] missing = {};

    private final long[] key = new long[L];
    private final int[] labels = new int[128];

    private Exploration(World world) {
        this.world = world;
    }

    static Result explore(World world) {
        return new Exploration(world).run();
    }

    private Result run() {
        world.pack(key);
        add(-1, 0);
        for (int i = 0; i < size; i++) {
            load(i);
            String violation = world.violation();
            if (violation != null) {
                return new Result(size, edgeCount, 0, violation, pathTo(i));
            }
            edgeStart[i] = edgeCount;
            int count = world.next(labels);
            for (int k = 0; k < count; k++) {
                load(i);
                world.apply(labels[k]);
                String broken = world.violation();
                if (broken != null) {
                    List<String> path = pathTo(i);
                    load(i);
                    path.add(world.describe(labels[k]));
                    return new Result(size, edgeCount, 0, broken, path);
                }
                world.pack(key);
                addEdge(add(i, labels[k]));
            }
        }
        edgeStart[size] = edgeCount;
        long orders = orders();
        if (orders < 0) {
            return new Result(size, edgeCount, 0, "it can go on for ever", circle());
        }
        return new Result(size, edgeCount, orders, "", List.of());
    }

    private void load(int state) {
        System.arraycopy(arena, state * L, key, 0, L);
        world.load(key);
    }

    /** The number of the state in {@code key}, which is new or known. */
    private int add(int parent, int label) {
        int slot = slot(key, 0);
        while (table[slot] != 0) {
            int known = table[slot] - 1;
            if (Arrays.equals(arena, known * L, known * L + L, key, 0, L)) {
                return known;
            }
            slot = slot + 1 & table.length - 1;
        }
        int added = size++;
        grow();
        System.arraycopy(key, 0, arena, added * L, L);
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
            int slot = slot(arena, i * L);
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = i + 1;
        }
    }

    private void grow() {
        if (size * L > arena.length) {
            arena = Arrays.copyOf(arena, arena.length * 2);
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

    /** Counts the paths from the start to the ends, exactly; -1 if there is a circle. */
    private long orders() {
        missing = new int[size];
        for (int i = 0; i < edgeCount; i++) {
            missing[edges[i]]++;
        }
        long[] paths = new long[size];
        paths[0] = 1;
        int[] ready = new int[size];
        int readyCount = 1;
        long orders = 0;
        for (int i = 0; i < readyCount; i++) {
            int state = ready[i];
            if (edgeStart[state] == edgeStart[state + 1]) {
                orders = Math.addExact(orders, paths[state]);
            }
            for (int k = edgeStart[state]; k < edgeStart[state + 1]; k++) {
                paths[edges[k]] = Math.addExact(paths[edges[k]], paths[state]);
                if (--missing[edges[k]] == 0) {
                    ready[readyCount++] = edges[k];
                }
            }
        }
        return readyCount == size ? orders : -1;
    }

    /** The way to a circle, and once around it. */
    private List<String> circle() {
        int[] before = new int[size];
        int at = -1;
        for (int state = 0; state < size; state++) {
            for (int k = edgeStart[state]; missing[state] > 0 && k < edgeStart[state + 1]; k++) {
                before[edges[k]] = state;
                at = edges[k];
            }
        }
        List<Integer> walked = new ArrayList<>();
        while (!walked.contains(at)) {
            walked.add(at);
            at = before[at];
        }
        List<String> path = pathTo(at);
        path.add("and from here, again and again:");
        int from = at;
        for (int i = walked.size() - 1; i >= walked.indexOf(at); i--) {
            path.add(stepBetween(from, walked.get(i)));
            from = walked.get(i);
        }
        return path;
    }

    private String stepBetween(int from, int to) {
        load(from);
        int count = world.next(labels);
        for (int k = 0; k < count; k++) {
            load(from);
            world.apply(labels[k]);
            world.pack(key);
            if (Arrays.equals(arena, to * L, to * L + L, key, 0, L)) {
                load(from);
                return world.describe(labels[k]);
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
            path.add(world.describe(labelOf[i]));
        }
        return path;
    }
}
