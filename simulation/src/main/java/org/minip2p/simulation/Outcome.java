package org.minip2p.simulation;

import java.util.List;

/**
 * The result of one run.
 *
 * @param seed of it
 * @param simulatedNanos how much time passed in it
 * @param connections how many connections hosts were told of
 * @param injected how many faults it had
 * @param steps how many tasks were run
 * @param hash of its trace: the same for two runs of the same seed
 * @param faults the faults found, each with its explanation; empty without any
 * @param tail the last lines of the trace
 */
record Outcome(
        long seed,
        long simulatedNanos,
        int connections,
        int injected,
        long steps,
        long hash,
        List<String> faults,
        String tail) {}
