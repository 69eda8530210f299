package peer;

import io.libp2p.core.Connection;
import io.libp2p.core.Host;
import io.libp2p.core.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;

/** The end of a work that dials. */
final class Work {
    private static final int AT_ONCE = 64;
    private static final int UPLOAD_MIB = 64;

    private final Options options;
    private final Host host;
    private final Multiaddr target;

    Work(Options options, Host host, Multiaddr target) {
        this.options = options;
        this.host = host;
        this.target = target;
    }

    /** Returns the figures of the rounds. */
    List<Double> rounds() {
        IntToDoubleFunction round = round();
        double unused = round.applyAsDouble(options.warmUpSeconds);
        List<Double> figures = new ArrayList<>();
        while (figures.size() < options.rounds) {
            figures.add(round.applyAsDouble(options.seconds));
        }
        return figures;
    }

    /** What a round does; its argument is the length in seconds. */
    private IntToDoubleFunction round() {
        return switch (options.kind) {
            case "streams" -> streams(1);
            case "streams-64" -> streams(AT_ONCE);
            case "connections" -> seconds -> {
                long start = System.nanoTime();
                return perSecond(new ConnectionLoop(host, target).run(seconds), start);
            };
            case "bulk" -> uploads();
            default -> {
                PingLoop loop = new PingLoop();
                new Protocol(Hosts.ECHO, () -> loop).open(connect()).whenComplete((handler, failure) -> {
                    if (failure != null) {
                        loop.fail(failure);
                    }
                });
                yield loop::run;
            }
        };
    }

    private IntToDoubleFunction streams(int atOnce) {
        Connection connection = connect();
        return seconds -> {
            long start = System.nanoTime();
            return perSecond(new StreamLoop(connection).run(atOnce, seconds), start);
        };
    }

    /** Uploads one after the other; gives MiB per second. */
    private IntToDoubleFunction uploads() {
        Connection connection = connect();
        return seconds -> {
            long start = System.nanoTime();
            long length = TimeUnit.SECONDS.toNanos(seconds);
            int uploads = 0;
            while (System.nanoTime() - start < length) {
                PerfClient.run(connection, (long) UPLOAD_MIB << 20, 0).join();
                uploads++;
            }
            return UPLOAD_MIB * perSecond(uploads, start);
        };
    }

    private Connection connect() {
        return Hosts.dial(host, target).join();
    }

    private static double perSecond(int count, long startNanos) {
        return count * 1e9 / (System.nanoTime() - startNanos);
    }
}
