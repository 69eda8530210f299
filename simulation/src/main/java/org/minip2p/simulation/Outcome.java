package org.minip2p.simulation;

import java.util.List;

/**
 * The result of one run.
 *
 * @param seed its seed
 * @param simulatedNanos the simulated time that passed
 * @param connections the number of connections that hosts reported
 * @param injected the number of injected faults
 * @param steps the number of tasks that were run
 * @param hash the hash of its trace: the same for two runs of the same seed
 * @param faults the faults found, each with its explanation; empty if there are none
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
