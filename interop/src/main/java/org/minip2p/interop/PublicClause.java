package org.minip2p.interop;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule of the public tests of libp2p/unified-testing: what we do, and what shows it.
 *
 * @param id the id of the rule; the numbers are this project's own
 * @param must whether a test cannot pass without it
 * @param whatWeDo what we do, as text for the page
 * @param inPublicContract whether {@code interop/public-contract} shows it
 * @param tests of the command that show it, {@code Class.method}
 */
record PublicClause(String id, boolean must, String whatWeDo, boolean inPublicContract, List<String> tests) {
    private static final String PLAN = "InteropPlanTest.";
    private static final String TRANSPORT = "UnifiedTransportTest.";
    private static final String PERF = "UnifiedPerfTest.";
    private static final String PERF_PLAN = "PerfPlanTest.";
    private static final String SAMPLES = "PerfSamplesTest.";

    static final List<PublicClause> ALL = List.of(
            must(
                    1,
                    "`IS_DIALER` is `true` or `false`; anything else is refused",
                    PLAN + "readsTheNewContract",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(
                    2,
                    "`REDIS_ADDR` is a host, a colon and a port",
                    PLAN + "readsTheNewContract",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(
                    3,
                    "a missing or empty `TEST_KEY` is an error",
                    PLAN + "refusesToDoWithout",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(4, "only `TRANSPORT=tcp` is supported", PLAN + "refusesAWrongValueAndNamesIt"),
            must(5, "only `SECURE_CHANNEL=noise` is supported", PLAN + "refusesAWrongValueAndNamesIt"),
            must(6, "only `MUXER=yamux` is supported", PLAN + "refusesAWrongValueAndNamesIt"),
            must(7, "the listener listens on `LISTENER_IP`; the default is 0.0.0.0", PLAN + "readsTheNewContract"),
            should(8, "`DEBUG=true` enables logging to stderr", true, PLAN + "readsTheNewContract"),
            should(
                    9,
                    "`TEST_TIMEOUT_SECS` limits every wait; the default is 180 s",
                    false,
                    PLAN + "readsTheNewContract"),
            must(
                    10,
                    "an unsupported value prints one line on stderr and exits with 1",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(
                    11,
                    "transport: the key `<TEST_KEY>_listener_multiaddr` holds a list; a string there is an error",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone",
                    TRANSPORT + "theDialerFailsWhenThereIsNoListUnderTheKey"),
            must(
                    12,
                    "the listener appends its address once, when it is listening",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone"),
            should(
                    13,
                    "it first removes what an earlier test left there",
                    true,
                    TRANSPORT + "theListenerPassesOnItsAddressAlone"),
            must(
                    14,
                    "the dialer waits for the address with a blocking Redis command, for a whole number of seconds, at least one",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone",
                    TRANSPORT + "theDialerFailsWhenNoListenerPassesOnItsAddress"),
            must(
                    15,
                    "both sides keep trying to connect to Redis until the timeout",
                    TRANSPORT + "waitsForARedisThatStartsLater",
                    TRANSPORT + "failsWhenThereNeverIsARedis"),
            must(16, "the address is published within 60 s; about 2 s on an idle machine"),
            must(
                    17,
                    "it is the IPv4 address of an interface, and not a loopback address if there is any other",
                    "InteropTestCommandTest.anAddressThatOthersCanDialIsPreferred"),
            must(
                    18,
                    "the dialer dials the peer named in the address, pings it once, prints the results and exits with 0",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse",
                    TRANSPORT + "theDialerFailsWhenAnotherPeerIsThere"),
            must(
                    19,
                    "it prints four lines, three of them indented by two spaces, with a decimal point in the numbers",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse",
                    TRANSPORT + "timesHaveADecimalPoint"),
            should(
                    20,
                    "the first time is from the dial to the end of the ping; the second is that of the ping alone",
                    true,
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse"),
            must(
                    21,
                    "only results go to stdout; no line on stderr looks like one of them",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse"),
            must(
                    22,
                    "every failure prints one line on stderr and nothing on stdout, and exits with 1",
                    TRANSPORT + "theDialerFailsWhenTheAddressIsNone",
                    TRANSPORT + "theDialerFailsWhenAnotherPeerIsThere"),
            must(23, "results are printed before anything is closed; after SIGTERM a dialer exits with 143"),
            must(
                    24,
                    "the listener serves until it is stopped, without a time limit, and prints no results",
                    TRANSPORT + "theListenerServesUntilItIsStopped"),
            should(25, "only Noise and Yamux are enabled", false),
            must(26, "a transport test takes a few seconds of the 180 allowed"),
            must(
                    27,
                    "sizes and counts are read from the environment, with the contract's defaults; an upload has at most 2^63-1 bytes, a download 2^64-1",
                    PERF_PLAN + "measuresWhatTheContractSaysWhenNothingIsSet",
                    PERF_PLAN + "measuresWhatIsSet",
                    PERF_PLAN + "refusesAWrongNumberAndNamesIt"),
            should(
                    28,
                    "a count that is not a number, such as `null`, takes the contract's default",
                    true,
                    PERF_PLAN + "takesAnIterationCountThatIsNoNumberForAbsent"),
            must(
                    29,
                    "perf: the key holds a string, for which the dialer polls every 200 ms; a list there is an error",
                    PERF + "measuresAndPrintsThreeSections",
                    PERF + "waitsForAnAddressThatComesLater",
                    PERF + "failsWhenThereIsNoTextUnderTheKey"),
            must(30, "the address is published within 15 s"),
            must(
                    31,
                    "uploads, then downloads, then one-byte exchanges, in sequence on one connection, each on a new stream",
                    PERF + "makesOneExchangeAfterTheOtherOnOneConnection"),
            must(
                    32,
                    "a sample covers the time from before the stream is opened to the end of the answer",
                    PERF + "countsGigabitsInASecond"),
            must(
                    33,
                    "both sides implement perf as specified; a listener of the other form is an error (see above)",
                    PERF + "failsWithAListenerOfTheOtherForm"),
            must(
                    34,
                    "the results have three sections with nine values each",
                    PERF + "measuresAndPrintsThreeSections",
                    SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(35, "lists are on one line, `[]` when empty", SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(36, "two decimals for Gbps, three for ms", SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(
                    37,
                    "quartiles are interpolated linearly; a sample more than 1.5 interquartile ranges outside them is an outlier; min and max exclude outliers",
                    SAMPLES + "otherwiseItLiesBetweenItsNeighboursInProportion",
                    SAMPLES + "leavesOutliersOutOfMinAndMaxAndKeepsThemAmongTheSamples",
                    SAMPLES + "equalSamplesAreNoOutliers"),
            should(
                    38,
                    "samples are in ascending order, including outliers",
                    true,
                    SAMPLES + "leavesOutliersOutOfMinAndMaxAndKeepsThemAmongTheSamples"),
            new PublicClause(
                    "UNI-39",
                    true,
                    "the first failed exchange fails the test, and no figures are printed",
                    false,
                    List.of(PERF + "failsAtTheFirstExchangeThatFails")),
            must(
                    40,
                    "throughput is several times what 20 GiB in 300 s need; none of our limits ends a measurement that makes progress"),
            must(41, "memory use does not grow with the sizes: many times the heap limit is sent in each direction"),
            must(42, "`interop/unified-testing` has an entry for each suite; the owner fills in repository and commit"),
            new PublicClause(
                    "UNI-43",
                    true,
                    "the images are built from the tracked files alone, without .git or submodules; no test builds them, since that needs Docker",
                    false,
                    List.of()),
            must(44, "`Dockerfile` is for the transport tests, `interop/perf/Dockerfile` for the performance tests"),
            must(45, "their entry points take no arguments; the sockets use NIO, so io_uring is not required"),
            should(46, "the images have two stages; dependencies have no layer of their own", false),
            must(47, "the id is `minip2p-v` followed by the version"),
            should(48, "the entries have an alias", false),
            must(49, "works with every implementation that has tcp, noise and yamux"),
            should(50, "the runner selects the tests", false));

    private static PublicClause must(int number, String whatWeDo, String... tests) {
        return new PublicClause("UNI-" + number, true, whatWeDo, true, Arrays.asList(tests));
    }

    private static PublicClause should(int number, String whatWeDo, boolean inPublicContract, String... tests) {
        return new PublicClause("UNI-" + number, false, whatWeDo, inPublicContract, Arrays.asList(tests));
    }

    /** A row of a table. */
    @Override
    public String toString() {
        String shown = tests.stream().map(test -> "`" + test + "`").collect(Collectors.joining(", "));
        String script = inPublicContract ? "`interop/public-contract`" : "";
        return "| " + id + " | " + (must ? "MUST" : "SHOULD") + " | " + whatWeDo + " | " + script
                + (script.isEmpty() || shown.isEmpty() ? "" : ", ") + shown + " |";
    }
}
