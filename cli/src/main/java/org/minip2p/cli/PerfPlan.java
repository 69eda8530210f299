package org.minip2p.cli;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the dialer of a public performance test measures (UNI-27, UNI-28).
 *
 * @param uploadBytes how much each upload sends, in bytes
 * @param downloadBytes how much each download asks for, in bytes, unsigned
 * @param uploads how many uploads
 * @param downloads how many downloads
 * @param roundTrips how many exchanges of one byte each way
 */
record PerfPlan(long uploadBytes, long downloadBytes, int uploads, int downloads, int roundTrips) {
    private static final long DEFAULT_BYTES = 1L << 30;
    private static final int DEFAULT_TRANSFERS = 10;
    private static final int DEFAULT_ROUND_TRIPS = 100;

    /** Each one leaves a sample, which is kept to the end. */
    private static final int MAX_ITERATIONS = 100_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+");

    /**
     * Reads the variables; those that are not set have the values of the contract.
     *
     * @throws CommandFailedException when one is out of range
     */
    static PerfPlan of(Map<String, String> variables) throws CommandFailedException {
        InteropEnvironment environment = new InteropEnvironment(variables);
        long uploadBytes = environment.bytes("UPLOAD_BYTES", DEFAULT_BYTES);
        if (uploadBytes < 0) {
            // It would take centuries.
            throw environment.wrong("UPLOAD_BYTES", "at most " + Long.MAX_VALUE);
        }
        return new PerfPlan(
                uploadBytes,
                environment.bytes("DOWNLOAD_BYTES", DEFAULT_BYTES),
                iterations(environment, "UPLOAD_ITERATIONS", DEFAULT_TRANSFERS),
                iterations(environment, "DOWNLOAD_ITERATIONS", DEFAULT_TRANSFERS),
                iterations(environment, "LATENCY_ITERATIONS", DEFAULT_ROUND_TRIPS));
    }

    /** What is no number at all, such as null, means what an absent one means. */
    private static int iterations(InteropEnvironment environment, String name, int absent)
            throws CommandFailedException {
        if (!NUMBER.matcher(environment.text(name, "")).matches()) {
            return absent;
        }
        return (int) environment.number(name, absent, MAX_ITERATIONS);
    }
}
