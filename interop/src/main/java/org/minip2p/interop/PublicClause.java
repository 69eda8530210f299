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
                    "without `TEST_KEY`, or with an empty one, nothing is done",
                    PLAN + "refusesToDoWithout",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(4, "of the values of `TRANSPORT`, `tcp` is spoken", PLAN + "refusesAWrongValueAndNamesIt"),
            must(5, "of those of `SECURE_CHANNEL`, `noise`", PLAN + "refusesAWrongValueAndNamesIt"),
            must(6, "of those of `MUXER`, `yamux`", PLAN + "refusesAWrongValueAndNamesIt"),
            must(7, "`LISTENER_IP` is where a listener listens, 0.0.0.0 without it", PLAN + "readsTheNewContract"),
            should(8, "with `DEBUG=true`, what happens is logged to stderr", true, PLAN + "readsTheNewContract"),
            should(
                    9,
                    "`TEST_TIMEOUT_SECS` ends what has to come, 180 s without it",
                    false,
                    PLAN + "readsTheNewContract"),
            must(
                    10,
                    "what is not spoken ends with a line on stderr and exit code 1",
                    PLAN + "refusesAWrongValueAndNamesIt"),
            must(
                    11,
                    "transport: the key `<TEST_KEY>_listener_multiaddr` is a list; a text there is a failure",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone",
                    TRANSPORT + "theDialerFailsWhenThereIsNoListUnderTheKey"),
            must(
                    12,
                    "the listener appends its address once, when it listens",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone"),
            should(
                    13,
                    "it removes first what an earlier test has left",
                    true,
                    TRANSPORT + "theListenerPassesOnItsAddressAlone"),
            must(
                    14,
                    "the dialer waits for it in Redis, for whole seconds and at least one",
                    TRANSPORT + "theListenerPassesOnItsAddressAlone",
                    TRANSPORT + "theDialerFailsWhenNoListenerPassesOnItsAddress"),
            must(
                    15,
                    "both sides try to reach Redis until the time is over",
                    TRANSPORT + "waitsForARedisThatStartsLater",
                    TRANSPORT + "failsWhenThereNeverIsARedis"),
            must(16, "the address is there within 60 s; about two on an idle machine"),
            must(
                    17,
                    "it is an IPv4 address of an interface, and not loopback where there is another",
                    "InteropTestCommandTest.anAddressThatOthersCanDialIsPreferred"),
            must(
                    18,
                    "the dialer dials the peer that the address names, pings once, prints and ends with 0",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse",
                    TRANSPORT + "theDialerFailsWhenAnotherPeerIsThere"),
            must(
                    19,
                    "four lines, three of them behind two spaces, with a decimal point",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse",
                    TRANSPORT + "timesHaveADecimalPoint"),
            should(
                    20,
                    "the first time is from the dial to the end of the ping, the second the ping's alone",
                    true,
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse"),
            must(
                    21,
                    "results alone go to stdout; no line on stderr begins as one of theirs",
                    TRANSPORT + "theDialerPrintsFourLinesAndNothingElse"),
            must(
                    22,
                    "every failure is a line on stderr, nothing on stdout, and exit code 1",
                    TRANSPORT + "theDialerFailsWhenTheAddressIsNone",
                    TRANSPORT + "theDialerFailsWhenAnotherPeerIsThere"),
            must(23, "results are printed before anything is closed; SIGTERM ends a dialer with 143"),
            must(
                    24,
                    "the listener serves until it is stopped, without any limit of time, and prints no result",
                    TRANSPORT + "theListenerServesUntilItIsStopped"),
            should(25, "Noise and Yamux are all that there is", false),
            must(26, "a transport test takes seconds of its 180"),
            must(
                    27,
                    "sizes and counts are read, or have the contract's values; an upload is at most 2^63-1 bytes, a download 2^64-1",
                    PERF_PLAN + "measuresWhatTheContractSaysWhenNothingIsSet",
                    PERF_PLAN + "measuresWhatIsSet",
                    PERF_PLAN + "refusesAWrongNumberAndNamesIt"),
            should(
                    28,
                    "a count that is no number at all, such as `null`, has the contract's value",
                    true,
                    PERF_PLAN + "takesAnIterationCountThatIsNoNumberForAbsent"),
            must(
                    29,
                    "perf: the key is a text, which the dialer asks for each 200 ms; a list there is a failure",
                    PERF + "measuresAndPrintsThreeSections",
                    PERF + "waitsForAnAddressThatComesLater",
                    PERF + "failsWhenThereIsNoTextUnderTheKey"),
            must(30, "the address is there within 15 s"),
            must(
                    31,
                    "uploads, downloads, then exchanges of a byte, one after the other on one connection, each on a new stream",
                    PERF + "makesOneExchangeAfterTheOtherOnOneConnection"),
            must(
                    32,
                    "a sample is from before the stream is opened to the end of the answer",
                    PERF + "countsGigabitsInASecond"),
            must(
                    33,
                    "both sides speak perf as the specification says; a listener of the other form is a failure (above)",
                    PERF + "failsWithAListenerOfTheOtherForm"),
            must(
                    34,
                    "three sections with nine values each",
                    PERF + "measuresAndPrintsThreeSections",
                    SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(35, "lists are on one line, `[]` when empty", SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(36, "two decimals for Gbps, three for ms", SAMPLES + "isWrittenAsTheTestsReadIt"),
            must(
                    37,
                    "quartiles lie between samples in proportion; what is further away than 1.5 times their distance is an outlier; min and max are without outliers",
                    SAMPLES + "otherwiseItLiesBetweenItsNeighboursInProportion",
                    SAMPLES + "leavesOutliersOutOfMinAndMaxAndKeepsThemAmongTheSamples",
                    SAMPLES + "equalSamplesAreNoOutliers"),
            should(
                    38,
                    "samples are ascending, outliers included",
                    true,
                    SAMPLES + "leavesOutliersOutOfMinAndMaxAndKeepsThemAmongTheSamples"),
            new PublicClause(
                    "UNI-39",
                    true,
                    "the first exchange that fails, fails the test, and there are no figures",
                    false,
                    List.of(PERF + "failsAtTheFirstExchangeThatFails")),
            must(
                    40,
                    "throughput is several times what 20 GiB in 300 s take; no limit of ours ends a measurement that moves"),
            must(41, "memory does not grow with sizes: many times what Java may use goes each way"),
            must(
                    42,
                    "`interop/unified-testing` has an entry for each suite; repo and commit are the owner's to fill in"),
            new PublicClause(
                    "UNI-43",
                    true,
                    "the images need nothing but the tracked files, neither .git nor submodules; building them takes Docker, so no test here does",
                    false,
                    List.of()),
            must(44, "`Dockerfile` is the transport tests', `interop/perf/Dockerfile` the performance tests'"),
            must(45, "their entry points take no arguments; sockets are driven by NIO, so no io_uring is asked for"),
            should(46, "two stages; dependencies are not fetched in a layer of their own", false),
            must(47, "the id is `minip2p-v` and the version"),
            should(48, "the entries have an alias", false),
            must(49, "transport tcp, secure channel noise, muxer yamux: every pair with these in common works"),
            should(50, "which tests to run is said to the runner, not to us", false));

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
