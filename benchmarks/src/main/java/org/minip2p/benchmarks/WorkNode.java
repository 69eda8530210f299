package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfProgress;
import org.minip2p.protocols.PerfResult;

/**
 * Our end of a work, or both ends, in a process of its own. The command line and the output are the same as for the programs of the other
 * implementations: {@code listen --kind KIND}, {@code dial ADDRESS work --kind KIND …}, {@code work --kind KIND …}.
 */
public final class WorkNode {
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final int AT_ONCE = 64;
    private static final int UPLOAD_MIB = 64;

    private final WorkPlan plan;
    private final Host host;
    private final Multiaddr target;

    private WorkNode(WorkPlan plan, Host host, Multiaddr target) {
        this.plan = plan;
        this.host = host;
        this.target = target;
    }

    /** Listens, or works. */
    public static void main(String[] args) throws IOException {
        List<String> arguments = List.of(args);
        switch (args[0]) {
            case "listen" -> {
                WorkPlan unused = WorkPlan.parse(arguments.subList(1, args.length)); // all kinds are served alike
                listen();
            }
            case "dial" ->
                System.out.println(PeerLines.work(
                        work(WorkPlan.parse(arguments.subList(3, args.length)), Multiaddr.parse(args[1]))));
            case "work" -> System.out.println(PeerLines.work(both(WorkPlan.parse(arguments.subList(1, args.length)))));
            default -> throw new IllegalArgumentException("expected listen, dial or work, got " + args[0]);
        }
    }

    private static void listen() throws IOException {
        try (Host host = listener()) {
            System.out.println(PeerLines.listening(host.addresses().get(0).toString()));
            while (System.in.read() >= 0) {
                // The input is ignored; only its end matters.
            }
        }
    }

    /** Runs both ends in this process; returns the figures of the rounds. */
    static List<Double> both(WorkPlan plan) {
        try (Host listener = listener()) {
            return work(plan, listener.addresses().get(0));
        }
    }

    private static Host listener() {
        BenchProtocols.Echo echo = new BenchProtocols.Echo();
        Host host = BenchHosts.done(BenchHosts.builder()
                .listen("/ip4/127.0.0.1/tcp/0")
                .handle(ECHO, HALF_OPEN, stream -> stream.pipeline().addLast(echo))
                .start());
        Perf.install(host);
        return host;
    }

    private static List<Double> work(WorkPlan plan, Multiaddr target) {
        try (Host host = BenchHosts.done(BenchHosts.builder().start())) {
            return new WorkNode(plan, host, target).rounds();
        }
    }

    private List<Double> rounds() {
        IntToDoubleFunction round = round();
        double unused = round.applyAsDouble(plan.warmUp());
        List<Double> figures = new ArrayList<>();
        while (figures.size() < plan.rounds()) {
            figures.add(round.applyAsDouble(plan.seconds()));
        }
        return figures;
    }

    /** The work of a round; its argument is the length in seconds. */
    private IntToDoubleFunction round() {
        return switch (plan.kind()) {
            case STREAMS -> streams(1);
            case STREAMS_64 -> streams(AT_ONCE);
            case CONNECTIONS ->
                seconds -> {
                    long start = System.nanoTime();
                    return perSecond(new ConnectionLoop(host, target, ECHO).run(seconds), start);
                };
            case PING_PONG -> {
                PingLoop loop = new PingLoop();
                var stream = BenchHosts.open(connect(), ECHO, loop);
                yield seconds -> loop.run(stream, Integer.MAX_VALUE, seconds).percentileMicros(50);
            }
            case BULK -> uploads();
        };
    }

    private IntToDoubleFunction streams(int atOnce) {
        Connection connection = connect();
        return seconds -> {
            long start = System.nanoTime();
            return perSecond(new StreamLoop(connection, ECHO).run(atOnce, seconds), start);
        };
    }

    private IntToDoubleFunction uploads() {
        Connection connection = connect();
        return seconds -> {
            long start = System.nanoTime();
            int uploads = 0;
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
                PerfResult unused =
                        BenchHosts.done(Perf.client().run(connection, (long) UPLOAD_MIB << 20, 0, PerfProgress.NONE));
                uploads++;
            }
            return UPLOAD_MIB * perSecond(uploads, start);
        };
    }

    private Connection connect() {
        return BenchHosts.connect(host, target.toString());
    }

    private static double perSecond(int count, long startNanos) {
        return count * 1e9 / (System.nanoTime() - startNanos);
    }
}
