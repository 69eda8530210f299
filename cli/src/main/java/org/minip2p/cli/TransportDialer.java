package org.minip2p.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Ping;

/** The dialer of a public transport test: dials, pings once, and prints how long that took. */
final class TransportDialer {
    private static final double MILLI = 1e6;

    private final InteropSide side;

    TransportDialer(InteropSide side) {
        this.side = side;
    }

    void run() throws CommandFailedException, InterruptedException, IOException {
        try (Host host = side.startHost()) {
            Ping ping = Ping.install(host);
            Multiaddr listener = side.listener();
            long start = System.nanoTime();
            Connection connection = side.dial(host, listener);
            Duration roundTrip =
                    Await.result("ping", ping.ping(connection), side.deadline().left());
            double tookMillis = (System.nanoTime() - start) / MILLI;
            double pingMillis = roundTrip.toNanos() / MILLI;
            side.print(
                    switch (side.plan().contract()) {
                        case TEST_PLANS -> json(tookMillis, pingMillis);
                        case UNIFIED_TESTING -> yaml(tookMillis, pingMillis);
                    });
        }
    }

    private static String json(double tookMillis, double pingMillis) {
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("handshakePlusOneRTTMillis", tookMillis);
        result.put("pingRTTMilllis", pingMillis); // with three l, as in the tests (IOP-14)
        return JsonLine.of(result) + "\n";
    }

    /** The results of a transport test, whose lines are found by their exact beginning (UNI-19). */
    static String yaml(double tookMillis, double pingMillis) {
        return String.format(
                Locale.ROOT,
                "latency:\n  handshake_plus_one_rtt: %.3f\n  ping_rtt: %.3f\n  unit: ms\n",
                tookMillis,
                pingMillis);
    }
}
