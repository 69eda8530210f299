package org.minip2p.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.MetricsPage;
import org.minip2p.core.testing.Prometheus;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.PeerEnd;

/** A real Prometheus reads the metrics of two nodes. */
class PrometheusTest {
    private static final ProtocolId PROTOCOL = new ProtocolId("/hello/1.0.0");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path DASHBOARD = Path.of("../docs/metrics/dashboard.json");

    private final PrometheusMeterRegistry listening = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry dialing = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Host> hosts = new ArrayList<>();
    private final List<MetricsPage> pages = new ArrayList<>();

    @BeforeEach
    void skipWhereThereIsNone() {
        Prometheus.whatIsMissing().ifPresent(missing -> abort(missing));
    }

    @AfterEach
    void closeAll() {
        hosts.forEach(Host::close);
        pages.forEach(MetricsPage::close);
        listening.close();
        dialing.close();
    }

    @Test
    void givesAResultForEachExpressionOfOurDashboard() throws Exception {
        Map<String, Integer> nodes = Map.of("listening", page(listening), "dialing", page(dialing));
        try (Prometheus prometheus = Prometheus.start(nodes)) {
            Set<String> missing = new TreeSet<>(expressions());
            assertThat(missing).hasSizeGreaterThan(10);
            Host server = start(
                    listening,
                    Host.builder()
                            .listen("/ip4/127.0.0.1/tcp/0")
                            .handle(
                                    PROTOCOL,
                                    PeerEnd.CLOSE_WITH_PEER,
                                    stream -> stream.pipeline().addLast(new Hello())));
            Host client = start(dialing, Host.builder());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!missing.isEmpty() && System.nanoTime() < deadline) {
                visit(client, server);
                for (String expression : List.copyOf(missing)) {
                    if (series(prometheus.query(expression)) > 0) {
                        missing.remove(expression);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(100); // gives the metrics time to change before the next query
            }

            assertThat(missing).isEmpty();
            for (String node : nodes.keySet()) {
                String instance = "{scope=\"system\",instance=\"" + node + "\"}";
                assertThat(series(prometheus.query("libp2p_rcmgr_connections" + instance)))
                        .isEqualTo(2);
                assertThat(series(prometheus.query(
                                "sum(libp2p_swarm_connections_opened_total{instance=\"" + node + "\"}) > 0")))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void promtoolFindsNothingWrongWithThePage() throws Exception {
        Host server = start(
                listening,
                Host.builder()
                        .listen("/ip4/127.0.0.1/tcp/0")
                        .handle(
                                PROTOCOL,
                                PeerEnd.CLOSE_WITH_PEER,
                                stream -> stream.pipeline().addLast(new Hello())));
        visit(start(dialing, Host.builder()), server);
        Path page = Files.createTempFile("page", ".txt");
        try {
            Files.writeString(page, dialing.scrape());
            String promtool = Prometheus.program("promtool").orElseThrow().toString();
            try (ChildProcess<String> check = ChildProcess.start(
                    "promtool",
                    List.of("sh", "-c", "exec \"$0\" check metrics < \"$1\"", promtool, page.toString()),
                    ChildProcess.Stderr.MERGE)) {
                int exit = check.awaitExit(PATIENCE);
                assertThat(exit).as(check.lastOutput()).isZero();
            }
        } finally {
            Files.delete(page);
        }
    }

    /** Opens a connection with a stream, and makes a dial that fails. */
    private static void visit(Host client, Host server) throws Exception {
        Multiaddr address = server.addresses().get(0);
        Connection connection = client.dial(address).get(15, TimeUnit.SECONDS);
        connection
                .openStream(PROTOCOL, stream -> {})
                .get(15, TimeUnit.SECONDS)
                .channel()
                .close();
        Multiaddr wrong = Multiaddr.parse(address.toString().replaceAll("/p2p/.*", "/p2p/")
                + PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()));
        assertThat(client.dial(wrong)).failsWithin(Duration.ofSeconds(15));
        connection.close().get(15, TimeUnit.SECONDS);
    }

    /** Counts the series of an answer. Each of them has one {@code value}. */
    private static int series(String answer) throws IOException {
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

    private static List<String> expressions() throws IOException {
        List<String> found = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(Files.readString(DASHBOARD))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("expr")) {
                    json.nextToken();
                    found.add(json.getText().replace("$instance", ".+").replace("$__rate_interval", "1m"));
                }
            }
        }
        return found;
    }

    private Host start(PrometheusMeterRegistry registry, HostBuilder builder) {
        Host host = builder.observer(HostMetrics.in(registry))
                .start()
                .orTimeout(15, TimeUnit.SECONDS)
                .join();
        hosts.add(host);
        return host;
    }

    private int page(PrometheusMeterRegistry registry) throws IOException {
        MetricsPage page = new MetricsPage(registry::scrape);
        pages.add(page);
        return page.port();
    }

    private static final class Hello extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            ctx.writeAndFlush(ctx.alloc().buffer().writeByte(1));
        }
    }
}
