package org.minip2p.core.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real Prometheus on a free port of loopback, from Debian's package {@code prometheus}. It needs no privileges and
 * leaves no files behind.
 */
public final class Prometheus implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ChildProcess<String> process;
    private final Path folder;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private Prometheus(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process = ChildProcess.start(
                "prometheus",
                List.of(
                        program("prometheus").orElseThrow().toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port),
                ChildProcess.Stderr.MERGE);
    }

    /** What must be installed; empty if nothing is missing. */
    public static Optional<String> whatIsMissing() {
        return program("prometheus").isPresent() && program("promtool").isPresent()
                ? Optional.empty()
                : Optional.of("no prometheus and promtool here: install prometheus");
    }

    /** A program on the path. */
    public static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts Prometheus and waits until it answers. It asks each target for {@code /metrics} four times a second.
     *
     * @param targets ports on loopback, by the value of their label {@code instance}
     */
    public static Prometheus start(Map<String, Integer> targets) throws IOException {
        for (int tries = 1; ; tries++) {
            Path folder = Files.createTempDirectory("prometheus");
            List<String> lines = new ArrayList<>(List.of(
                    "global:",
                    "  scrape_interval: 250ms",
                    "  scrape_timeout: 250ms",
                    "scrape_configs:",
                    "  - job_name: nodes",
                    "    static_configs:"));
            targets.forEach((name, port) -> lines.addAll(List.of(
                    "      - targets: ['127.0.0.1:" + port + "']", "        labels: {instance: '" + name + "'}")));
            Files.write(folder.resolve("prometheus.yml"), lines);
            Prometheus started = new Prometheus(folder, FreePort.find());
            try {
                started.process.await(
                        "line that says that it is ready", line -> line.contains("ready to receive"), PATIENCE);
                return started;
            } catch (ChildProcess.Failure e) {
                started.close();
                if (tries == 3) { // another process may have taken the port
                    throw e;
                }
            }
        }
    }

    /**
     * The current value of an expression.
     *
     * @return the answer of its query API, as JSON; each series in it has one {@code value}
     * @throws AssertionError when Prometheus does not understand the expression
     */
    public String query(String expression) throws IOException, InterruptedException {
        return get("query?query=" + encoded(expression), expression);
    }

    /**
     * The values of an expression over time.
     *
     * @param step the time from one value to the next
     * @return the answer of its query API, as JSON; each series in it has its {@code values}
     * @throws AssertionError when Prometheus does not understand the expression
     */
    public String queryRange(String expression, Instant from, Instant to, Duration step)
            throws IOException, InterruptedException {
        return get(
                "query_range?query=" + encoded(expression) + "&start=" + from + "&end=" + to + "&step="
                        + step.toMillis() + "ms",
                expression);
    }

    private static String encoded(String expression) {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    private String get(String request, String expression) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + request);
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("expected an answer to " + expression + ", got " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        process.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
