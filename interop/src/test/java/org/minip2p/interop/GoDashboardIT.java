package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.MetricsPage;
import org.minip2p.core.testing.PageSection;
import org.minip2p.core.testing.Prometheus;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.metrics.HostMetrics;

/**
 * Evaluates the dashboards of go-libp2p for nodes of ours and for a node of go-libp2p. A real Prometheus reads two
 * nodes of ours and one of go-libp2p while they talk to each other. The test asks it each expression whose names are
 * all available here, according to the page on metrics.
 *
 * <p>With {@code -Dpages.write=true}, the test writes the values into the page. With {@code -Dmetrics.minutes=N}, the
 * nodes talk for N minutes. With both, the test also writes the data that the pictures are drawn from.
 */
class GoDashboardIT {
    private static final String OURS = "ours";
    private static final String GO = "go";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Path RUN = Path.of("../docs/metrics/run.json");
    private static final String SECTION = "Beside a go node";

    /** Expressions that give no result for at least one of the two nodes, with the reason. */
    private static final Map<String, String> WITHOUT_RESULT = withoutResult();

    /** The expression of each picture, by the name of the picture. */
    private static final Map<String, String> PICTURES = pictures();

    private static final int MAX_SERIES = 3;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry otherRegistry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<MetricsPage> pages = new ArrayList<>();

    @BeforeEach
    void skipWhereSomethingIsMissing() {
        Prometheus.whatIsMissing().ifPresent(missing -> abort(missing));
        Built.assume(Peers.GO);
    }

    @AfterEach
    void closeAll() {
        pages.forEach(MetricsPage::close);
        registry.close();
        otherRegistry.close();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // metrics.minutes can make the test long
    void givesAResultForTheExpressionsOfGosDashboardsForOursAsForGos() throws Exception {
        GoDashboards dashboards = GoDashboards.read(Files.readString(PAGE));
        assertThat(dashboards.unlisted())
                .as("names that the page does not list")
                .isEmpty();
        assertThat(dashboards.here()).hasSizeGreaterThan(30);
        long minutes = Long.getLong("metrics.minutes", 0);

        try (RunningListener go = RunningListener.start(Peers.GO, "--metrics", "0");
                OurNode node = OurNode.start(observed(registry), HostConfig.defaults());
                OurNode other = OurNode.start(
                        observed(otherRegistry),
                        HostConfig.defaults().with(HostConfig.EARLY_MUXER_NEGOTIATION, false));
                Prometheus prometheus = Prometheus.start(
                        Map.of(OURS, page(registry), "other", page(otherRegistry), GO, portOf(go.process())))) {
            Instant start = Instant.now();
            Map<String, Map<String, String>> values = new LinkedHashMap<>();
            List<String> missing = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
            long deadline = end + PATIENCE.toNanos();
            do {
                List<Connection> met = meet(node, other, go);
                missing.clear();
                for (String expression : dashboards.here()) {
                    for (String instance : List.of(GO, OURS)) {
                        String value = value(prometheus, expression, instance);
                        values.computeIfAbsent(expression, absent -> new LinkedHashMap<>())
                                .put(instance, value);
                        if (value.isEmpty() && reason(expression).isEmpty()) {
                            missing.add(instance + ": " + expression);
                        }
                    }
                }
                part(met, node, other);
            } while (System.nanoTime() - end < 0 || (!missing.isEmpty() && System.nanoTime() - deadline < 0));

            assertThat(missing).as("expressions without a result").isEmpty();
            if (Boolean.getBoolean("pages.write")) {
                Files.writeString(
                        PAGE, PageSection.replace(Files.readString(PAGE), SECTION, section(dashboards, values)));
                if (minutes > 0) {
                    Files.writeString(RUN, run(prometheus, start, Instant.now()));
                }
            }
        }
    }

    /**
     * Connects each node with each other one, opens streams, pushes our identity, and lets two nodes dial an address at
     * which no node listens.
     */
    private static List<Connection> meet(OurNode node, OurNode other, RunningListener go) {
        Connection toGo = node.dial(go.address());
        OurNode.await(node.ping().ping(toGo));
        OurNode.await(node.request(toGo, OurNode.ECHO, 100_000));
        go.process().send("dial " + other.address());
        go.process().awaitEvent("dialed", OurNode.DEADLINE);
        Connection toNode = other.dial(node.address());
        OurNode.await(other.request(toNode, OurNode.ECHO, 10_000));
        OurNode.await(node.identify().push());

        OurNode.failure(node.host().dial(Multiaddr.parse(nobody())));
        go.process().send("dial " + nobody());
        go.process().awaitEvent("dial-failed", OurNode.DEADLINE);
        List<Connection> met = new ArrayList<>(List.of(toGo, toNode));
        met.addAll(other.host().connections());
        return met;
    }

    private static void part(List<Connection> met, OurNode node, OurNode other) {
        for (Connection each : met) {
            OurNode.await(each.close());
        }
        node.awaitNoConnections();
        other.awaitNoConnections();
    }

    /**
     * An address at which no node listens, with a new peer id each time, because go-libp2p backs off from a peer that
     * it failed to reach.
     */
    private static String nobody() {
        return "/ip4/127.0.0.1/tcp/1/p2p/"
                + PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }

    private static Map<String, String> withoutResult() {
        Map<String, String> why = new LinkedHashMap<>();
        why.put("transport=~\"quic|quic-v1\"", "neither has QUIC here");
        why.put("num_dials=\"0\"", "no connected peer was dialed");
        for (String several : List.of("2", "3", "4", "5", ">=6")) {
            why.put("num_dials=\"" + several + "\"", "each peer has one address");
        }
        why.put("libp2p_rcmgr_blocked_resources", "nothing was refused");
        why.put("libp2p_rcmgr_streams{scope=\"transient\"", "ours has no such scope");
        why.put("libp2p_rcmgr_memory{scope=\"protocol\"", "ours has `system` alone");
        why.put("libp2p_rcmgr_memory{scope=\"service\"", "ours has `system` alone");
        return why;
    }

    private static Map<String, String> pictures() {
        Map<String, String> of = new LinkedHashMap<>();
        of.put("connections", "sum by (dir) (libp2p_swarm_connections_opened_total{instance=\"$instance\"})");
        of.put("dial-errors", "sum by (error) (libp2p_swarm_dial_errors_total{instance=\"$instance\"})");
        for (String quantile : List.of("0.5", "0.95")) {
            of.put(
                    "handshake-latency-" + quantile,
                    "1000 * histogram_quantile(" + quantile
                            + ", sum by (le) (rate(libp2p_swarm_handshake_latency_seconds_bucket{instance=\"$instance\"}[30s])))");
        }
        of.put("bytes", "sum by (way) (minip2p_socket_bytes_total{instance=\"$instance\"})");
        of.put("memory", "libp2p_rcmgr_memory{scope=\"system\",instance=\"$instance\"}");
        return of;
    }

    private static String reason(String expression) {
        return WITHOUT_RESULT.entrySet().stream()
                .filter(entry -> expression.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /**
     * The result of an expression for a node, as text: the labels and the value of each series. The text is empty if
     * there is no result, or if no value is a number.
     */
    private static String value(Prometheus prometheus, String expression, String instance) throws Exception {
        String asked = expression
                .replace("$instance", instance)
                .replace("$__rate_interval", "1m")
                .replace("$__range", "5m");
        List<String> series = new ArrayList<>();
        for (JsonLine each : result(prometheus.query(asked))) {
            double number = Double.parseDouble(each.list("value").get(1).toString());
            if (!Double.isNaN(number)) {
                series.add((labels(each.object("metric")) + " " + shown(number)).strip());
            }
        }
        return String.join("; ", series.subList(0, Math.min(series.size(), MAX_SERIES)))
                + (series.size() > MAX_SERIES ? "; " + (series.size() - MAX_SERIES) + " more" : "");
    }

    private static List<JsonLine> result(String answer) throws IOException {
        return JsonLine.parse(answer).object("data").objects("result");
    }

    private static String labels(JsonLine metric) {
        List<String> values = new ArrayList<>();
        metric.members().forEach((name, value) -> {
            if (!List.of("__name__", "instance", "job").contains(name)
                    && !String.valueOf(value).isEmpty()) {
                values.add(String.valueOf(value));
            }
        });
        return String.join(" ", values);
    }

    private static String shown(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.3g", number);
    }

    private static String section(GoDashboards dashboards, Map<String, Map<String, String>> values) {
        StringBuilder text = new StringBuilder("""
                Each expression of the [dashboards](https://github.com/libp2p/go-libp2p/tree/v%s/dashboards) for swarm, identify and resource manager that go-libp2p
                publishes, of whose names each is here, with what Prometheus made of it for a node of go-libp2p v%s and for one of ours: `$instance` is the node,
                `$__rate_interval` a minute, `$__range` five. A value stands behind the labels of its series. The nodes were connected to each other and to a third
                one of ours; what they did was not the same on both sides. Of the %d expressions %d are here; the others use a name that is not.

                A test makes the table, and fails when one of the two has no result without a reason that stands in it:

                ```
                interop/build-peers go
                mvn verify -Pinterop -pl interop -am -Dit.test=GoDashboardIT -Dfailsafe.failIfNoSpecifiedTests=false -Dmetrics.minutes=3 -Dpages.write=true
                ```

                | expression | go | ours |
                |---|---|---|
                """.formatted(
                        Peers.GO.version(),
                        Peers.GO.version(),
                        dashboards.here().size() + dashboards.notHere().size(),
                        dashboards.here().size()));
        values.forEach((expression, of) -> text.append("| `")
                .append(expression.replace("|", "\\|"))
                .append("` | ")
                .append(shown(of.getOrDefault(GO, ""), expression))
                .append(" | ")
                .append(shown(of.getOrDefault(OURS, ""), expression))
                .append(" |\n"));
        return text.toString();
    }

    private static String shown(String value, String expression) {
        return value.isEmpty() ? "nothing: " + reason(expression) : value;
    }

    /** The data of the pictures, from the beginning of the run to its end. */
    private static String run(Prometheus prometheus, Instant from, Instant to) throws Exception {
        Map<String, Object> pictures = new LinkedHashMap<>();
        for (Map.Entry<String, String> picture : PICTURES.entrySet()) {
            Map<String, Object> lines = new LinkedHashMap<>();
            for (String instance : List.of(GO, OURS)) {
                String asked = picture.getValue().replace("$instance", instance);
                for (JsonLine series : result(prometheus.queryRange(asked, from, to, Duration.ofSeconds(2)))) {
                    lines.put((instance + " " + labels(series.object("metric"))).strip(), series.list("values"));
                }
            }
            pictures.put(picture.getKey(), Map.of("expression", picture.getValue(), "lines", lines));
        }
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(pictures) + "\n";
    }

    private static int portOf(PeerProcess go) {
        return URI.create(go.awaitEvent("metrics", OurNode.DEADLINE).text("url"))
                .getPort();
    }

    private static HostBuilder observed(PrometheusMeterRegistry by) {
        return Host.builder().observer(HostMetrics.in(by));
    }

    private int page(PrometheusMeterRegistry of) throws IOException {
        MetricsPage page = new MetricsPage(of::scrape);
        pages.add(page);
        return page.port();
    }
}
