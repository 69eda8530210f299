package org.minip2p.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The contracts that the public tests of libp2p have had. The names of the environment variables tell them apart. */
enum InteropContract {
    /** The old one: names in lower case, one result as JSON. */
    TEST_PLANS("libp2p/test-plans"),
    /** The new one: names in upper case, a key for each test, results as YAML. */
    UNIFIED_TESTING("libp2p/unified-testing");

    /** Under which prefix of the keys in Redis the two sides of one test meet; the new contract alone has it. */
    static final String TEST_KEY = "TEST_KEY";

    /**
     * How the variables of a contract are called.
     *
     * @param transport what the bytes travel over
     * @param secureChannel what encrypts them
     * @param muxer what makes streams of them
     * @param isDialer which side to play
     * @param ip where a listener listens
     * @param redis where Redis is
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

    /** How its variables are called. */
    Names names() {
        return switch (this) {
            case TEST_PLANS -> Names.OLD;
            case UNIFIED_TESTING -> Names.NEW;
        };
    }

    /**
     * The contract whose variables are set.
     *
     * @throws CommandFailedException when no contract's are, or both contracts' are
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
