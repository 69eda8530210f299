package org.minip2p.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObservation.StreamClosed;
import org.minip2p.host.HostObservation.StreamEnd;
import org.minip2p.host.PeerEnd;

class HostMetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final ProtocolId IDENTIFY = new ProtocolId("/ipfs/id/1.0.0");
    private static final ProtocolId PUSH = new ProtocolId("/ipfs/id/push/1.0.0");
    private static final Path PAGE = Path.of("../docs/metrics.md");

    private final List<Host> started = new ArrayList<>();
    private final PrometheusMeterRegistry atServer = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry atClient = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @AfterEach
    void closeHosts() {
        started.forEach(Host::close);
        atServer.close();
        atClient.close();
    }

    @Test
    void countsConnectionsUnderTheNamesAndLabelsOfGo() throws Exception {
        Host server = server();
        Host client = client();
        Connection connection = await(client.dial(server.addresses().get(0)));
        await(connection.close());

        String labels =
                "dir=\"outbound\",early_muxer=\"true\",ip_version=\"ip4\",muxer=\"/yamux/1.0.0\",security=\"/noise\","
                        + "transport=\"tcp\"";
        awaitLine(atClient, "minip2p_connection_ends_total{dir=\"outbound\",reason=\"local\"} 1.0");
        assertThat(atClient.scrape())
                .contains("libp2p_swarm_connections_opened_total{" + labels + "} 1.0")
                .contains("libp2p_swarm_key_types_total{dir=\"outbound\",key_type=\"Ed25519\"} 1.0")
                .contains("libp2p_swarm_connection_duration_seconds_count{" + labels + "} 1")
                .contains("libp2p_swarm_connection_duration_seconds_bucket{" + labels + ",le=\"0.0625\"}")
                .contains("libp2p_swarm_connection_duration_seconds_bucket{" + labels + ",le=\"1048576.0\"}")
                .contains("libp2p_swarm_dials_per_peer_total{num_dials=\"1\",outcome=\"success\"} 1.0")
                .contains("libp2p_swarm_dial_latency_seconds_bucket{num_dials=\"1\",outcome=\"success\",le=\"0.75\"}")
                .contains("libp2p_swarm_connections_closed_total{" + labels + "} 1.0")
                .contains("minip2p_upgrade_stage_seconds_count{dir=\"outbound\",stage=\"securing\"} 1");
        awaitLine(atServer, "minip2p_connection_ends_total{dir=\"inbound\",reason=\"remote\"} 1.0");
        assertThat(atServer.scrape())
                .contains("libp2p_swarm_handshake_latency_seconds_count{early_muxer=\"true\",ip_version=\"ip4\","
                        + "muxer=\"/yamux/1.0.0\",security=\"/noise\",transport=\"tcp\"} 1");
    }

    @Test
    void hasTheBoundsOfGo() {
        assertThat(Buckets.durations())
                .hasSize(25)
                .startsWith(Duration.ofNanos(62_500_000), Duration.ofMillis(125), Duration.ofMillis(250))
                .endsWith(Duration.ofSeconds(1_048_576));
        assertThat(Buckets.latencies())
                .hasSize(35)
                .startsWith(Duration.ofMillis(1), Duration.ofNanos(1_300_000), Duration.ofNanos(1_690_000))
                .endsWith(Duration.ofNanos(Math.round(1e6 * Math.pow(1.3, 34))));
    }

    @Test
    void countsWhatDialsFailWith() throws Exception {
        Host client = client();
        int port = FreePort.find();
        PeerId nobody = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

        failure(client.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port + "/p2p/" + nobody)));

        awaitLine(
                atClient,
                "libp2p_swarm_dial_errors_total{error=\"connection refused\",ip_version=\"ip4\",transport=\"tcp\"} 1.0");
        awaitLine(atClient, "libp2p_swarm_dials_per_peer_total{num_dials=\"1\",outcome=\"failed\"} 1.0");
        assertThat(atClient.scrape())
                .contains("minip2p_socket_failures_total{dir=\"outbound\",ip_version=\"ip4\",reason=\"refused\","
                        + "stage=\"connecting\"} 1.0");
    }

    @Test
    void countsStreamsAndBytesByProtocol() throws Exception {
        Host server = server();
        Connection connection = await(client().dial(server.addresses().get(0)));
        echo(connection, ECHO, 100_000);

        awaitLine(
                atServer, "minip2p_streams_closed_total{dir=\"inbound\",end=\"closed\",protocol=\"/echo/1.0.0\"} 1.0");
        awaitLine(atServer, "libp2p_rcmgr_streams{dir=\"inbound\",protocol=\"/echo/1.0.0\",scope=\"protocol\"} 0.0");
        awaitTrue(
                "the bytes are seen",
                () -> value(atServer, "minip2p_protocol_bytes_total", ECHO.value(), "read") > 100_000);
        assertThat(value(atServer, "minip2p_socket_bytes_total", "way=\"read\""))
                .isGreaterThan(100_000);
        assertThat(atServer.scrape())
                .contains("minip2p_streams_opened_total{dir=\"inbound\",protocol=\"/echo/1.0.0\"} 1.0")
                .contains("libp2p_rcmgr_streams{dir=\"inbound\",protocol=\"\",scope=\"system\"} 0.0")
                .contains("libp2p_rcmgr_connections{dir=\"inbound\",scope=\"system\"} 1.0");
    }

    @Test
    void keepsTheBytesOfHostsThatAreClosed() throws Exception {
        Host server = server();
        Host client = client();
        Connection connection = await(client.dial(server.addresses().get(0)));
        echo(connection, ECHO, 10_000);
        awaitTrue(
                "the bytes are seen",
                () -> value(atClient, "minip2p_protocol_bytes_total", ECHO.value(), "written") > 10_000);

        await(client.closeAsync());

        awaitLine(atClient, "libp2p_rcmgr_connections{dir=\"outbound\",scope=\"system\"} 0.0");
        awaitLine(atClient, "minip2p_memory_limit_bytes 0.0");
        assertThat(value(atClient, "minip2p_protocol_bytes_total", ECHO.value(), "written"))
                .isGreaterThan(10_000);
    }

    @Test
    void countsExchangesOfIdentifyByTheirStreams() throws Exception {
        Host server = server(IDENTIFY, PUSH);
        Connection connection = await(client().dial(server.addresses().get(0)));

        echo(connection, IDENTIFY, 10);
        echo(connection, PUSH, 10);

        awaitLine(atClient, "libp2p_identify_identify_total{dir=\"outbound\"} 1.0");
        awaitLine(atServer, "libp2p_identify_identify_total{dir=\"inbound\"} 1.0");
        awaitLine(atServer, "libp2p_identify_identify_push_total{dir=\"inbound\"} 1.0");
    }

    @Test
    void hasNoMoreSeriesForTenThousandProtocolsThatPeersOffer() throws Exception {
        Host server = server();
        int before = lines(atServer);

        for (int peer = 0; peer < 5; peer++) {
            Connection connection =
                    await(start(Host.builder()).dial(server.addresses().get(0)));
            for (int stream = 0; stream < 150; stream++) {
                String prefix = "/made-up/" + peer + "/" + stream + "/";
                failure(connection.openStream(
                        IntStream.range(0, 16)
                                .mapToObj(each -> new ProtocolId(prefix + each))
                                .toList(),
                        opened -> {}));
            }
        }

        awaitLine(atServer, "minip2p_stream_failures_total{dir=\"inbound\",reason=\"negotiation_failed\"} 750.0");
        assertThat(atServer.scrape()).doesNotContain("made-up");
        assertThat(lines(atServer) - before).isLessThan(300);
    }

    @Test
    void namesNoCodeThatAPeerMadeUp() {
        HostMetrics metrics = HostMetrics.in(atServer);
        for (int code = 1; code < 2_000; code++) {
            metrics.streamOpened(new HostObservation.StreamOpened(Role.RESPONDER, ECHO.value()));
            metrics.streamClosed(new StreamClosed(
                    Role.RESPONDER, ECHO.value(), StreamEnd.RESET_BY_PEER, code, Duration.ofMillis(1), 1, 1));
        }

        assertThat(atServer.scrape())
                .contains("minip2p_stream_resets_total{by=\"peer\",code=\"other\",dir=\"inbound\"} 1999.0")
                .containsOnlyOnce("minip2p_stream_resets_total{");
    }

    @Test
    void hasNoPeerIdAndNoAddressInAnyLabel() throws Exception {
        Host server = server();
        Host client = client();
        Connection connection = await(client.dial(server.addresses().get(0)));
        echo(connection, ECHO, 10);
        await(connection.close());
        awaitLine(atServer, "minip2p_connection_ends_total{dir=\"inbound\",reason=\"remote\"} 1.0");

        assertThat(atServer.scrape() + atClient.scrape())
                .doesNotContain(server.peerId().toString())
                .doesNotContain(client.peerId().toString())
                .doesNotContain("127.0.0.1")
                .doesNotContain("/ip4");
    }

    @Test
    void doesTheHostNoHarmWhenTheRegistryThrows() throws Exception {
        AtomicInteger thrown = new AtomicInteger();
        SimpleMeterRegistry faulty = new SimpleMeterRegistry() {
            @Override
            protected Counter newCounter(Meter.Id id) {
                thrown.incrementAndGet();
                throw new IllegalStateException("no more meters");
            }
        };
        Host server = server();
        Host client = start(Host.builder().observer(HostMetrics.in(faulty)));

        Connection connection = await(client.dial(server.addresses().get(0)));
        echo(connection, ECHO, 1_000);
        await(connection.close());
        await(client.closeAsync());

        awaitTrue("it has thrown", () -> thrown.get() > 3);
        assertThat(client.figures().queues().observationsLost()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesNoRegistry() {
        assertThatThrownBy(() -> HostMetrics.in(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("registry");
    }

    @Test
    void addsUpWhatSeveralHostsHave() throws Exception {
        Host server = server();
        HostMetrics both = HostMetrics.in(atClient);
        Host one = start(Host.builder().observer(both));
        Host other = start(Host.builder().observer(both));

        await(one.dial(server.addresses().get(0)));
        await(other.dial(server.addresses().get(0)));

        awaitLine(atClient, "libp2p_rcmgr_connections{dir=\"outbound\",scope=\"system\"} 2.0");
        awaitLine(atClient, "libp2p_swarm_dials_per_peer_total{num_dials=\"1\",outcome=\"success\"} 2.0");
    }

    @Test
    void hasEachNameThatThePagePromisesAndNoOther() throws Exception {
        Host server = server(ECHO, IDENTIFY, PUSH);
        Host client = client();
        Connection connection = await(client.dial(server.addresses().get(0)));
        echo(connection, IDENTIFY, 10);
        echo(connection, PUSH, 10);
        await(connection.openStream(ECHO, opened -> opened.channel().writeAndFlush(Unpooled.copiedBuffer("x", UTF_8))))
                .reset();
        failure(connection.openStream(List.of(new ProtocolId("/a"), new ProtocolId("/b")), opened -> {}));
        await(connection.close());
        Multiaddr wrong = Multiaddr.parse(server.addresses().get(0).toString().replaceAll("/p2p/.*", "/p2p/")
                + PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()));
        failure(client.dial(wrong));
        HostMetrics metrics = HostMetrics.in(atClient);
        metrics.streamFailed(new HostObservation.StreamFailed(Role.RESPONDER, HostObservation.StreamFault.TOO_MANY));
        awaitLine(atClient, "libp2p_swarm_dial_errors_total{error=\"other\",ip_version=\"ip4\",transport=\"tcp\"} 1.0");

        assertThat(promised()).isEqualTo(given());
    }

    @Test
    void putsATimeIntoTheBucketThatItBelongsTo() {
        HostMetrics metrics = HostMetrics.in(atClient);

        metrics.dialEnded(
                new HostObservation.DialEnded(HostObservation.DialOutcome.CONNECTED, null, 1, Duration.ofMillis(20)));

        String bucket = "libp2p_swarm_dial_latency_seconds_bucket{num_dials=\"1\",outcome=\"success\",le=";
        assertThat(atClient.scrape())
                .contains(bucket + "\"0.01\"} 0\n")
                .contains(bucket + "\"0.05\"} 1\n")
                .contains("libp2p_swarm_dial_latency_seconds_sum{num_dials=\"1\",outcome=\"success\"} 0.02\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostObservation.StreamFault.class,
            names = {"TOO_MANY", "TOO_MANY_OPEN", "TOO_MANY_UNACKNOWLEDGED"})
    void countsStreamsThatAreOneTooManyAsBlocked(HostObservation.StreamFault fault) {
        HostMetrics metrics = HostMetrics.in(atClient);

        metrics.streamFailed(new HostObservation.StreamFailed(Role.RESPONDER, fault));

        assertThat(atClient.scrape())
                .contains("libp2p_rcmgr_blocked_resources{dir=\"inbound\",resource=\"stream\",scope=\"conn\"} 1.0")
                .contains("minip2p_stream_failures_total{dir=\"inbound\",reason=\""
                        + fault.name().toLowerCase(Locale.ROOT) + "\"} 1.0");
    }

    /** The names that the page lists, without those that it marks "not here". */
    private static Set<String> promised() throws IOException {
        Set<String> names = new TreeSet<>();
        String prefix = "";
        for (String line : Files.readAllLines(PAGE)) {
            Matcher head = Pattern.compile("\\| name `(\\w+)…`").matcher(line);
            if (head.find()) {
                prefix = head.group(1);
            } else if (line.startsWith("| `") && !line.contains("| not here |")) {
                Matcher name = Pattern.compile("`(\\w+)`").matcher(line.substring(0, line.indexOf('|', 2)));
                while (name.find()) {
                    names.add(prefix + name.group(1));
                }
            }
        }
        names.remove("minip2p_handshakes_total"); // HandshakeMetricsTest covers it
        return names;
    }

    private Set<String> given() {
        Set<String> names = new TreeSet<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (\\w+) ").matcher(atClient.scrape());
        while (type.find()) {
            if (!type.group(1).endsWith("_seconds_max")) { // Micrometer adds these
                names.add(type.group(1));
            }
        }
        return names;
    }

    private Host server(ProtocolId... protocols) {
        HostBuilder builder = Host.builder().listen("/ip4/127.0.0.1/tcp/0").observer(HostMetrics.in(atServer));
        for (ProtocolId each : protocols.length == 0 ? new ProtocolId[] {ECHO} : protocols) {
            builder.handle(
                    each, PeerEnd.CLOSE_WITH_PEER, stream -> stream.pipeline().addLast(new Echo()));
        }
        return start(builder);
    }

    private Host client() {
        return start(Host.builder().observer(HostMetrics.in(atClient)));
    }

    private Host start(HostBuilder builder) {
        Host host = await(builder.start());
        started.add(host);
        return host;
    }

    /** Sends this number of bytes on a stream, waits until they have come back, and closes the stream. */
    private static void echo(Connection connection, ProtocolId protocol, int bytes) {
        CompletableFuture<Integer> back = new CompletableFuture<>();
        var stream = await(connection.openStream(protocol, opened -> {
            opened.pipeline().addLast(new Counting(bytes, back));
            opened.channel().writeAndFlush(Unpooled.buffer(bytes).writeZero(bytes));
        }));
        await(back);
        stream.channel().close();
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private static void failure(CompletableFuture<?> future) {
        assertThat(future).failsWithin(PATIENCE);
    }

    private static void awaitLine(PrometheusMeterRegistry registry, String line) throws InterruptedException {
        awaitTrue(
                line + " in\n" + registry.scrape(),
                () -> registry.scrape().lines().anyMatch(line::equals));
    }

    private static void awaitTrue(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static int lines(PrometheusMeterRegistry registry) {
        return (int) registry.scrape().lines().count();
    }

    /** The sum of the values of all series whose line contains all of these parts. */
    private static double value(PrometheusMeterRegistry registry, String... parts) {
        return registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#") && List.of(parts).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    private static final class Counting extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Integer> done;
        private int missing;

        Counting(int bytes, CompletableFuture<Integer> done) {
            this.missing = bytes;
            this.done = done;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            missing -= bytes.readableBytes();
            bytes.release();
            if (missing == 0) {
                done.complete(0);
            }
        }
    }
}
