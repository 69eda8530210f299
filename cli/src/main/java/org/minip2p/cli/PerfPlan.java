package org.minip2p.cli;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the dialer of a public performance test measures (UNI-27, UNI-28).
 *
 * @param uploadBytes the size of each upload, in bytes
 * @param downloadBytes the size of each download, in bytes, unsigned
 * @param uploads the number of uploads
 * @param downloads the number of downloads
 * @param roundTrips the number of exchanges of one byte each way
 */
record PerfPlan(long uploadBytes, long downloadBytes, int uploads, int downloads, int roundTrips) {
    private static final long DEFAULT_BYTES = 1L << 30;
    private static final int DEFAULT_TRANSFERS = 10;
    private static final int DEFAULT_ROUND_TRIPS = 100;

    /** Each iteration produces a sample, which is kept to the end. */
    private static final int MAX_ITERATIONS = 100_000;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+");

    /**
     * Reads the variables; those that are not set have the default values of the contract.
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

    /** The number of iterations; a text that is not a number, such as null, counts as absent. */
    private static int iterations(InteropEnvironment environment, String name, int absent)
            throws CommandFailedException {
        if (!NUMBER.matcher(environment.text(name, "")).matches()) {
            return absent;
        }
        return (int) environment.number(name, absent, MAX_ITERATIONS);
    }
}
