package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run of fork rounds is asked for. Immutable.
 *
 * @param peers with whom, in order
 * @param rounds how many mutual dials of each phase
 * @param batch how many of them around one fork, between the same nodes
 * @param window how long before and after the fork both networks are accepted
 * @param skew how far the peers' clocks are ahead of ours, or behind, at most
 * @param seed of the instants and delays
 * @param ownNetworkOnly whether we accept our own network of the moment alone, window or not
 * @param together whether all peers take their turn at the same time, instead of one after the other
 * @param json whether the only output on stdout is the JSON line
 * @param write whether the tables go to the page on interoperability, too
 */
record ForkRunOptions(
        List<Peers> peers,
        int rounds,
        int batch,
        Duration window,
        Duration skew,
        long seed,
        boolean ownNetworkOnly,
        boolean together,
        boolean json,
        boolean write) {

    static final String USAGE =
            "[--smoke] [--peer NAME]… [--rounds N] [--batch N] [--window SECONDS] [--skew SECONDS] [--seed N] "
                    + "[--own-network-only] [--json] [--write]";

    private static final List<Peers> PEERS = List.of(Peers.GO, Peers.RUST, Peers.JS);
    private static final List<Peers> SMOKE_PEERS = List.of(Peers.GO, Peers.JS);
    private static final int ROUNDS = 300;
    private static final int SMOKE_ROUNDS = 12;

    /** As many as two cores with other things to do bear inside a window of 20 s. */
    private static final int BATCH = 100;

    private static final int MAX_ROUNDS = 100_000;

    /** Two phases of a thousand need 45 nodes on each side: enough for one process. */
    private static final int MAX_BATCH = 1_000;

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SMOKE_WINDOW = Duration.ofSeconds(5);
    private static final Duration SKEW = Duration.ofSeconds(3);
    private static final Duration SMOKE_SKEW = Duration.ofSeconds(2);

    /** A dial that comes last before the fork's window ends, or a clock that is far behind, still has a second. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    ForkRunOptions {
        peers = List.copyOf(peers);
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("1 to " + MAX_ROUNDS + " rounds, not " + rounds);
        }
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("1 to " + MAX_BATCH + " rounds at once, not " + batch);
        }
        if (skew.isNegative() || skew.plus(MARGIN).compareTo(window) > 0) {
            throw new IllegalArgumentException("the window, " + window.toSeconds() + " s, is longer than the skew, "
                    + skew.toSeconds() + " s, by a second or more");
        }
    }

    /** How many batches that makes. */
    int batches() {
        return (rounds + batch - 1) / batch;
    }

    /** How many rounds of each phase a batch has: the last one may have fewer. */
    int roundsOf(int number) {
        return Math.min(batch, rounds - number * batch);
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException when it is not understood
     */
    static ForkRunOptions parse(List<String> arguments) {
        boolean smoke = arguments.contains("--smoke");
        List<Peers> peers = new ArrayList<>();
        int rounds = smoke ? SMOKE_ROUNDS : ROUNDS;
        int batch = BATCH;
        Duration window = smoke ? SMOKE_WINDOW : WINDOW;
        Duration skew = smoke ? SMOKE_SKEW : SKEW;
        long seed = 1;
        boolean ownNetworkOnly = false;
        boolean json = false;
        boolean write = false;
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--smoke" -> {}
                case "--json" -> json = true;
                case "--write" -> write = true;
                case "--own-network-only" -> ownNetworkOnly = true;
                case "--peer" -> peers.add(Peers.of(value(arguments, ++i)));
                case "--rounds" -> rounds = number(arguments, ++i);
                case "--batch" -> batch = number(arguments, ++i);
                case "--window" -> window = Duration.ofSeconds(number(arguments, ++i));
                case "--skew" -> skew = Duration.ofSeconds(number(arguments, ++i));
                case "--seed" -> seed = number(arguments, ++i);
                default ->
                    throw new IllegalArgumentException("unknown argument " + arguments.get(i) + ", expected " + USAGE);
            }
        }
        return new ForkRunOptions(
                !peers.isEmpty() ? peers : smoke ? SMOKE_PEERS : PEERS,
                rounds,
                batch,
                window,
                skew,
                seed,
                ownNetworkOnly,
                smoke,
                json,
                write);
    }

    private static String value(List<String> arguments, int i) {
        if (i >= arguments.size()) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a value");
        }
        return arguments.get(i);
    }

    private static int number(List<String> arguments, int i) {
        String value = value(arguments, i);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(arguments.get(i - 1) + " needs a whole number, not " + value, e);
        }
    }
}
