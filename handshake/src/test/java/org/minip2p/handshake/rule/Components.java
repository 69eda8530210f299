package org.minip2p.handshake.rule;

import java.util.Arrays;
import java.util.BitSet;

/** The strongly connected components of a part of a graph, by Tarjan's algorithm without recursion. */
final class Components {
    private final int size;
    private final int[] edgeStart;
    private final int[] edges;
    private final BitSet without;
    private final BitSet inside;

    private final int[] component;
    private final int[] index;
    private final int[] low;
    private final int[] next;
    private final int[] stack;
    private final int[] calls;
    private int stackSize;
    private int callCount;
    private int count;
    private int components;

    /**
     * A part of a graph. Only the states in {@code inside} belong to it.
     *
     * @param size the number of states
     * @param edgeStart the index of each state's first edge
     * @param edges the state to which each edge leads
     * @param without the edges to ignore
     * @param inside the states of the part
     */
    Components(int size, int[] edgeStart, int[] edges, BitSet without, BitSet inside) {
        this.size = size;
        this.edgeStart = edgeStart;
        this.edges = edges;
        this.without = without;
        this.inside = inside;
        this.component = new int[size];
        this.index = new int[size];
        this.low = new int[size];
        this.next = new int[size];
        this.stack = new int[size];
        this.calls = new int[size];
    }

    /** The number of each state's component, from 1; 0 for states outside the part. */
    int[] find() {
        System.arraycopy(edgeStart, 0, next, 0, size);
        Arrays.fill(index, 0);
        for (int state = inside.nextSetBit(0); state >= 0; state = inside.nextSetBit(state + 1)) {
            if (index[state] == 0) {
                walk(state);
            }
        }
        return component;
    }

    private void walk(int from) {
        enter(from);
        while (callCount > 0) {
            int state = calls[callCount - 1];
            if (next[state] == edgeStart[state + 1]) {
                leave(state);
                continue;
            }
            int edge = next[state]++;
            int to = edges[edge];
            if (without.get(edge) || !inside.get(to)) {
                continue;
            }
            if (index[to] == 0) {
                enter(to);
            } else if (component[to] == 0) {
                low[state] = Math.min(low[state], index[to]);
            }
        }
    }

    private void enter(int state) {
        index[state] = ++count;
        low[state] = count;
        stack[stackSize++] = state;
        calls[callCount++] = state;
    }

    private void leave(int state) {
        callCount--;
        if (callCount > 0) {
            int caller = calls[callCount - 1];
            low[caller] = Math.min(low[caller], low[state]);
        }
        if (low[state] == index[state]) {
            components++;
            int member;
            do {
                member = stack[--stackSize];
                component[member] = components;
            } while (member != state);
        }
    }
}
