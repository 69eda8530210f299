package org.minip2p.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfResult;

/**
 * Our end of a perf exchange: a process with a host with the default settings. It prints the same lines as the programs of the other
 * implementations; see {@link PeerLines}.
 *
 * <p>{@code listen} serves until its stdin ends. {@code dial ADDRESS BYTES EXCHANGES} performs EXCHANGES exchanges on one connection, each
 * with BYTES bytes up and down on a stream of its own, and prints one line for each.
 */
public final class PerfNode {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private PerfNode() {}

    /** Listens or dials. */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "listen" -> listen();
            case "dial" -> dial(Multiaddr.parse(args[1]), Long.parseLong(args[2]), Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException("expected listen or dial, got " + args[0]);
        }
    }

    private static void listen() throws IOException {
        try (Host host = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start().join()) {
            Perf.install(host);
            System.out.println(PeerLines.listening(host.addresses().get(0).toString()));
            while (System.in.read() >= 0) {
                // The input is ignored; only its end matters.
            }
        }
    }

    private static void dial(Multiaddr address, long bytes, int exchanges) throws IOException {
        try (Host host = Host.builder().start().join()) {
            Connection connection =
                    host.dial(address).orTimeout(30, TimeUnit.SECONDS).join();
            for (int i = 0; i < exchanges; i++) {
                PerfResult result = Perf.client()
                        .run(connection, bytes, bytes, (up, down) -> {})
                        .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .join();
                System.out.println(PeerLines.exchange(
                        new PeerLines.Rates(rate(bytes, result.uploadTime()), rate(bytes, result.downloadTime()))));
            }
        }
    }

    private static double rate(long bytes, Duration time) {
        return bytes * 1e9 / (1 << 20) / time.toNanos();
    }
}
