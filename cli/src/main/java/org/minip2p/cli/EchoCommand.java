package org.minip2p.cli;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Sends random bytes on one or more streams and checks that they return. */
@Command(name = "echo", description = "Send random bytes to the peer's /echo/1.0.0 and check that they return.")
final class EchoCommand implements Callable<Integer> {
    private final DialCommand dial;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "1MiB",
            converter = Arguments.Bytes.class,
            description = "How much to send on each stream, such as 1000000 or 64MiB; ${DEFAULT-VALUE} by default.")
    private long size = 1;

    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "1",
            converter = Arguments.Count.class,
            description = "How many streams at once; ${DEFAULT-VALUE} by default.")
    private int streams = 1;

    EchoCommand(DialCommand dial) {
        this.dial = dial;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        if (size > Long.MAX_VALUE / streams) {
            throw new CommandFailedException(
                    "expected fewer than 2^63 bytes in all, not " + streams + " times " + size);
        }
        try (Host host = dial.start()) {
            Connection connection = dial.connect(host);
            long start = System.nanoTime();
            String sha256 = exchange(connection);
            long nanos = System.nanoTime() - start;
            long bytes = size * streams;
            dial.output()
                    .result(Report.ok()
                            .line("peer", connection.remotePeer().toString())
                            .line("streams", Integer.toString(streams))
                            .both("bytes", bytes, "bytes returned", bytes + ", all as they were sent")
                            .both("sha256", sha256, "sha256", sha256)
                            .line("rate, each way", Units.rate(Units.mibPerSecond(bytes, nanos))));
        }
        return ExitCode.OK;
    }

    private String exchange(Connection connection) throws CommandFailedException, InterruptedException {
        long seed = new SecureRandom().nextLong();
        List<EchoExchange> exchanges = IntStream.range(0, streams)
                .mapToObj(stream -> new EchoExchange(size, seed + stream))
                .toList();
        exchanges.forEach(exchange -> exchange.start(connection));
        CompletableFuture<Void> all = CompletableFuture.allOf(
                exchanges.stream().map(EchoExchange::digest).toArray(CompletableFuture[]::new));
        exchanges.forEach(exchange -> exchange.digest().exceptionally(failure -> {
            // One wrong stream decides the result, without waiting for the others.
            all.completeExceptionally(failure);
            return new byte[0];
        }));
        try (Progress progress = dial.output().progress("echo", size * streams)) {
            Await.transfer(
                    "echo",
                    all,
                    () -> exchanges.stream()
                            .mapToLong(EchoExchange::receivedBytes)
                            .sum(),
                    progress,
                    Await.STALL);
        }
        return sha256(
                exchanges.stream().map(exchange -> exchange.digest().join()).toList());
    }

    /** The digest of the bytes of a single stream; for several streams, the digest of their concatenated digests. */
    private static String sha256(List<byte[]> digests) {
        HexFormat hex = HexFormat.of();
        if (digests.size() == 1) {
            return hex.formatHex(digests.get(0));
        }
        MessageDigest all = Digests.sha256();
        digests.forEach(all::update);
        return hex.formatHex(all.digest());
    }
}
