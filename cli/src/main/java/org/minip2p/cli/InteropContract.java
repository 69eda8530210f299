package org.minip2p.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The contracts of the public libp2p tests. The names of the environment variables show which one applies. */
enum InteropContract {
    /** The old contract: names in lower case, one result as JSON. */
    TEST_PLANS("libp2p/test-plans"),
    /** The new contract: names in upper case, a key for each test, results as YAML. */
    UNIFIED_TESTING("libp2p/unified-testing");

    /** The variable with the prefix of the Redis keys under which the two sides of a test meet; only the new contract has it. */
    static final String TEST_KEY = "TEST_KEY";

    /**
     * The names of the variables of a contract.
     *
     * @param transport the transport
     * @param secureChannel the secure channel
     * @param muxer the muxer
     * @param isDialer whether to dial or to listen
     * @param ip the address on which a listener listens
     * @param redis the address of Redis
     * @param timeout how long the test may take, in seconds
     */
    record Names(
            String transport,
            String secureChannel,
            String muxer,
            String isDialer,
            String ip,
            String redis,
            String timeout) {
        private static final Names OLD =
                new Names("transport", "security", "muxer", "is_dialer", "ip", "redis_addr", "test_timeout_seconds");
        private static final Names NEW = new Names(
                "TRANSPORT", "SECURE_CHANNEL", "MUXER", "IS_DIALER", "LISTENER_IP", "REDIS_ADDR", "TEST_TIMEOUT_SECS");

        private Stream<String> all() {
            return Stream.of(transport, secureChannel, muxer, isDialer, ip, redis, timeout);
        }
    }

    private final String home;

    InteropContract(String home) {
        this.home = home;
    }

    /** The names of its variables. */
    Names names() {
        return switch (this) {
            case TEST_PLANS -> Names.OLD;
            case UNIFIED_TESTING -> Names.NEW;
        };
    }

    /**
     * The contract whose variables are set.
     *
     * @throws CommandFailedException if the variables are those of no contract or of both
     */
    static InteropContract of(Map<String, String> environment) throws CommandFailedException {
        List<InteropContract> found = Arrays.stream(values())
                .filter(contract -> !contract.variablesIn(environment).isEmpty())
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        String expected = "expected the environment variables of either " + TEST_PLANS.description() + " or "
                + UNIFIED_TESTING.description() + ", got ";
        if (found.isEmpty()) {
            throw CommandFailedException.withReason("no-contract", expected + "none of them");
        }
        throw CommandFailedException.withReason(
                "two-contracts",
                expected + String.join(", ", TEST_PLANS.variablesIn(environment)) + " and "
                        + String.join(", ", UNIFIED_TESTING.variablesIn(environment)));
    }

    private String description() {
        return home + " (" + names().isDialer() + ", " + names().transport() + ", …)";
    }

    private List<String> variablesIn(Map<String, String> environment) {
        Stream<String> all =
                this == UNIFIED_TESTING ? Stream.concat(names().all(), Stream.of(TEST_KEY)) : names().all();
        return all.filter(environment::containsKey).toList();
    }
}
