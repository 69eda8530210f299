package peer;

import io.libp2p.core.Host;
import io.libp2p.core.multiformats.Multiaddr;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A jvm-libp2p node for the benchmarks: {@code listen}, {@code dial ADDRESS perf}, {@code dial ADDRESS work} and {@code work}. */
public final class Peer {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private Peer() {}

    /** Runs one command. */
    public static void main(String[] args) {
        try {
            if (args.length > 0 && args[0].equals("listen")) {
                listen(Options.parse(Arrays.asList(args).subList(1, args.length)));
            } else {
                OUT.println(result(args));
            }
            System.exit(0); // the event loops would take seconds to end
        } catch (ExecutionException | CompletionException e) {
            fail(e.getCause() == null ? e : e.getCause());
        } catch (Exception e) {
            fail(e);
        }
    }

    private static void listen(Options unused) throws IOException {
        Host host = Hosts.listener();
        OUT.println(Lines.listening(host));
        while (System.in.read() >= 0) {
            // The input is ignored; only its end matters.
        }
    }

    private static String result(String[] args) throws ExecutionException, InterruptedException, TimeoutException {
        if (args.length > 0 && args[0].equals("work")) {
            Options options = Options.parse(Arrays.asList(args).subList(1, args.length));
            options.checkKind();
            return work(options, Hosts.listener().listenAddresses().get(0));
        }
        if (args.length < 3 || !args[0].equals("dial")) {
            throw new IllegalArgumentException("expected listen, dial ADDRESS perf, dial ADDRESS work, or work");
        }
        Multiaddr target = Multiaddr.fromString(args[1]);
        Options options = Options.parse(Arrays.asList(args).subList(3, args.length));
        return switch (args[2]) {
            case "perf" -> perf(options, target);
            case "work" -> {
                options.checkKind();
                yield work(options, target);
            }
            default -> throw new IllegalArgumentException("unknown operation " + args[2] + ", expected perf or work");
        };
    }

    private static String work(Options options, Multiaddr target)
            throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread worker = new Thread(() -> {
            try {
                line.complete(Lines.work(options.kind, new Work(options, Hosts.dialer(), target).rounds()));
            } catch (CompletionException e) {
                line.completeExceptionally(e.getCause());
            } catch (RuntimeException | Error e) {
                line.completeExceptionally(e);
            }
        });
        worker.setDaemon(true);
        worker.start();
        return line.get(options.timeoutSeconds, TimeUnit.SECONDS);
    }

    private static String perf(Options options, Multiaddr target)
            throws ExecutionException, InterruptedException, TimeoutException {
        return Hosts.dial(Hosts.dialer(), target)
                .thenCompose(connection -> PerfClient.run(connection, options.uploadBytes, options.downloadBytes))
                .get(options.timeoutSeconds, TimeUnit.SECONDS);
    }

    private static void fail(Throwable failure) {
        OUT.println(Lines.failed(failure));
        System.exit(1);
    }
}
