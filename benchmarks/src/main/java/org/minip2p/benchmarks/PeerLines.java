package org.minip2p.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** The lines, a JSON object each, that {@link PerfNode} and the programs of the other implementations print. */
final class PeerLines {
    private static final Duration START = Duration.ofSeconds(30);

    private PeerLines() {}

    /** The relevant part of a listener's line. */
    private record Listening(@Nullable List<String> addresses) {}

    /** The relevant part of the line of a perf exchange. */
    private record Exchange(
            @Nullable Double uploadMibPerSecond, @Nullable Double downloadMibPerSecond) {}

    /** The relevant part of the line of a work. */
    private record Work(@Nullable Double median) {}

    /**
     * The rates of a perf exchange, in MiB/s.
     *
     * @param up from the dialer to the listener
     * @param down from the listener to the dialer
     */
    record Rates(double up, double down) {
        @Override
        public String toString() {
            return Figure.number(up) + " MiB/s up, " + Figure.number(down) + " down";
        }
    }

    /** Starts a program; its stderr is discarded. */
    static ChildProcess<String> start(List<String> command) throws IOException {
        return ChildProcess.start(String.join(" ", command), command, Stderr.DISCARD);
    }

    /** Waits until a listener listens; returns its first address. */
    static String awaitAddress(ChildProcess<String> listener) throws IOException {
        String line = listener.awaitLine(START);
        List<String> addresses = JSON.std.beanFrom(Listening.class, line).addresses();
        if (addresses == null || addresses.isEmpty()) {
            throw new IOException("no addresses in " + line);
        }
        return addresses.get(0);
    }

    /** Formats the line of a listener. */
    static String listening(String address) throws IOException {
        return JSON.std.asString(Map.of("event", "listening", "addresses", List.of(address)));
    }

    /** Formats the line of a perf exchange. */
    static String exchange(Rates rates) throws IOException {
        return JSON.std.asString(Map.of("uploadMibPerSecond", rates.up(), "downloadMibPerSecond", rates.down()));
    }

    /** Parses the line of a perf exchange. */
    static Rates rates(String line) throws IOException {
        Exchange exchange = JSON.std.beanFrom(Exchange.class, line);
        if (exchange.uploadMibPerSecond() == null || exchange.downloadMibPerSecond() == null) {
            throw new IOException("no rates in " + line);
        }
        return new Rates(exchange.uploadMibPerSecond(), exchange.downloadMibPerSecond());
    }

    /** Formats the line of a work, from the figures of its rounds. */
    static String work(List<Double> rounds) throws IOException {
        return JSON.std.asString(Map.of("ok", true, "median", BenchHosts.median(rounds), "rounds", rounds));
    }

    /** Parses the median in the line of a work. */
    static double median(String line) throws IOException {
        Double median = JSON.std.beanFrom(Work.class, line).median();
        if (median == null) {
            throw new IOException("no median in " + line);
        }
        return median;
    }
}
