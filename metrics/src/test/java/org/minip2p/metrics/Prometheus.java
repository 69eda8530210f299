package org.minip2p.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.minip2p.core.testing.ChildProcess;

/** A real Prometheus on a free port of loopback, from Debian's package {@code prometheus}. It needs no rights, and leaves nothing behind. */
final class Prometheus implements AutoCloseable {
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

    /** What is to be installed; empty when it is there. */
    static Optional<String> whatIsMissing() {
        return program("prometheus").isPresent() && program("promtool").isPresent()
                ? Optional.empty()
                : Optional.of("no prometheus and promtool here: install prometheus");
    }

    static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it and waits until it answers; it asks each of these ports of loopback for {@code /metrics} four times a second. */
    static Prometheus start(List<Integer> targets) throws IOException {
        for (int tries = 1; ; tries++) {
            Path folder = Files.createTempDirectory("prometheus");
            List<String> lines = new ArrayList<>(List.of(
                    "global:",
                    "  scrape_interval: 250ms",
                    "  scrape_timeout: 250ms",
                    "scrape_configs:",
                    "  - job_name: nodes",
                    "    static_configs:",
                    "      - targets:"));
            targets.forEach(port -> lines.add("        - 127.0.0.1:" + port));
            Files.write(folder.resolve("prometheus.yml"), lines);
            Prometheus started = new Prometheus(folder, freePort());
            try {
                started.process.await(
                        "line that says that it is ready", line -> line.contains("ready to receive"), PATIENCE);
                return started;
            } catch (ChildProcess.Failure e) {
                started.close();
                if (tries == 3) { // somebody else may have taken the port
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How many series an expression gives now; an expression that it does not understand is an error. */
    int query(String expression) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("expected an answer to " + expression + ", got " + answer.body());
        }
        return values(answer.body());
    }

    /** Each series of an answer has one {@code value}. */
    private static int values(String answer) throws IOException {
        int count = 0;
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("value")) {
                    count++;
                }
            }
        }
        return count;
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
