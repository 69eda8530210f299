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

    /** The line of a listener, as far as it matters. */
    private record Listening(@Nullable List<String> addresses) {}

    /** The line of an exchange of perf, as far as it matters. */
    private record Exchange(
            @Nullable Double uploadMibPerSecond, @Nullable Double downloadMibPerSecond) {}

    /** The line of a work, as far as it matters. */
    private record Work(@Nullable Double median) {}

    /**
     * How fast an exchange of perf was, in MiB/s.
     *
     * @param up from the dialer to the listener
     * @param down back
     */
    record Rates(double up, double down) {
        @Override
        public String toString() {
            return Figure.number(up) + " MiB/s up, " + Figure.number(down) + " down";
        }
    }

    /** Starts a program, whose stderr is thrown away. */
    static ChildProcess<String> start(List<String> command) throws IOException {
        return ChildProcess.start(String.join(" ", command), command, Stderr.DISCARD);
    }

    /** Waits until a listener listens; gives its first address. */
    static String awaitAddress(ChildProcess<String> listener) throws IOException {
        String line = listener.awaitLine(START);
        List<String> addresses = JSON.std.beanFrom(Listening.class, line).addresses();
        if (addresses == null || addresses.isEmpty()) {
            throw new IOException("no addresses in " + line);
        }
        return addresses.get(0);
    }

    /** The line of a listener. */
    static String listening(String address) throws IOException {
        return JSON.std.asString(Map.of("event", "listening", "addresses", List.of(address)));
    }

    /** The line of an exchange of perf. */
    static String exchange(Rates rates) throws IOException {
        return JSON.std.asString(Map.of("uploadMibPerSecond", rates.up(), "downloadMibPerSecond", rates.down()));
    }

    /** Reads the line of an exchange of perf. */
    static Rates rates(String line) throws IOException {
        Exchange exchange = JSON.std.beanFrom(Exchange.class, line);
        if (exchange.uploadMibPerSecond() == null || exchange.downloadMibPerSecond() == null) {
            throw new IOException("no rates in " + line);
        }
        return new Rates(exchange.uploadMibPerSecond(), exchange.downloadMibPerSecond());
    }

    /** The line of a work, by the figures of its rounds. */
    static String work(List<Double> rounds) throws IOException {
        return JSON.std.asString(Map.of("ok", true, "median", BenchHosts.median(rounds), "rounds", rounds));
    }

    /** Reads the median from the line of a work. */
    static double median(String line) throws IOException {
        Double median = JSON.std.beanFrom(Work.class, line).median();
        if (median == null) {
            throw new IOException("no median in " + line);
        }
        return median;
    }
}
