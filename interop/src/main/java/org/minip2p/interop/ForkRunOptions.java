package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a run of fork rounds. Immutable.
 *
 * @param peers the peers, in order
 * @param rounds the number of mutual dials in each phase
 * @param batch the number of them around one fork, between the same nodes
 * @param window how long before and after the fork both networks are accepted
 * @param skew the maximum by which the peers' clocks are ahead of ours or behind
 * @param seed the seed of times and delays
 * @param ownNetworkOnly whether we accept only our own current network, even inside the window
 * @param together whether all peers run at the same time, instead of one after the other
 * @param json whether the only output on stdout is the JSON line
 * @param write whether to write the tables to the page on interoperability, too
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

    /** As many as two busy cores can handle inside a window of 20 s. */
    private static final int BATCH = 100;

    private static final int MAX_ROUNDS = 100_000;

    /** Two phases of a thousand need 45 nodes on each side: enough for one process. */
    private static final int MAX_BATCH = 1_000;

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SMOKE_WINDOW = Duration.ofSeconds(5);
    private static final Duration SKEW = Duration.ofSeconds(3);
    private static final Duration SMOKE_SKEW = Duration.ofSeconds(2);

    /** Leaves one second for a dial just before the window ends, even if a clock is far behind. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    ForkRunOptions {
        peers = List.copyOf(peers);
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("1 to " + MAX_ROUNDS + " rounds, not " + rounds);
        }
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("1 to " + MAX_BATCH + " rounds in a batch, not " + batch);
        }
        if (skew.isNegative() || skew.plus(MARGIN).compareTo(window) > 0) {
            throw new IllegalArgumentException("the window, " + window.toSeconds() + " s, must exceed the skew, "
                    + skew.toSeconds() + " s, by at least a second");
        }
    }

    /** The number of batches. */
    int batches() {
        return (rounds + batch - 1) / batch;
    }

    /** The number of rounds of each phase in a batch; the last batch may have fewer. */
    int roundsOf(int number) {
        return Math.min(batch, rounds - number * batch);
    }

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException if they are wrong
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
