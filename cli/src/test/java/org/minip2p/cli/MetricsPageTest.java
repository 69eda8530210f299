package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.minip2p.host.HostFigures;

class MetricsPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void isServedByTheListenCommandUnderTheNamesOfThePage() throws Exception {
        try (Listening listening = Listening.with("--metrics", "0")) {
            String url =
                    Objects.requireNonNull(listening.next("metrics").get("url")).toString();
            assertThat(url).startsWith("http://127.0.0.1:").endsWith("/metrics");
            Run.of("dial", listening.address(), "ping", "--count", "1");
            listening.next("disconnected");

            awaitTrue(
                    "the connection is counted",
                    () -> get(url).body().contains("libp2p_swarm_connections_closed_total{"));

            HttpResponse<String> page = get(url);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(page.body())
                    .contains("minip2p_streams_opened_total{dir=\"inbound\",protocol=\"/ipfs/ping/1.0.0\"} 1.0")
                    .doesNotContain(listening.address());
        }
    }

    @Test
    void refusesAPortThatIsNone() throws Exception {
        assertThat(Run.of("listen", "--metrics", "65536").err())
                .singleElement()
                .asString()
                .contains("65535", "65536");
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (MetricsPage first = MetricsPage.start(0, () -> "")) {
            int port = URI.create(first.url()).getPort();

            assertThatThrownBy(() -> MetricsPage.start(port, () -> ""))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("cannot serve metrics at")
                    .hasMessageContaining(Integer.toString(port));
        }
    }

    @Test
    void hasNoOtherPageAndNoOtherMethod() throws Exception {
        try (MetricsPage page = MetricsPage.start(0, () -> "x 1\n")) {
            assertThat(get(page.url()).body()).isEqualTo("x 1\n");
            assertThat(get(page.url() + "x").statusCode()).isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(URI.create(page.url()))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void cutsScrapersOffThatDoNotAskOrDoNotRead() throws Exception {
        String large = "x".repeat(32 << 20); // more than a socket's buffers can take
        try (MetricsPage page = MetricsPage.start(0, () -> large, Duration.ofSeconds(3));
                Socket silent = connect(page);
                Socket deaf = connect(page)) {
            ask(deaf);
            awaitTrue("both are there", () -> page.scrapers() == 2);

            awaitTrue("both are gone", () -> page.scrapers() == 0);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void takesNoMoreThanAFewAtOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (MetricsPage page = MetricsPage.start(0, () -> "")) {
            for (int i = 0; i < MetricsPage.MAX_SCRAPERS; i++) {
                sockets.add(connect(page));
            }
            awaitTrue("all are there", () -> page.scrapers() == MetricsPage.MAX_SCRAPERS);

            try (Socket more = connect(page)) {
                assertThat(more.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(page.scrapers()).isEqualTo(MetricsPage.MAX_SCRAPERS);
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    @Test
    void saysThatAPageCannotBeMadeAndGoesOn() throws Exception {
        Queue<String> pages = new ConcurrentLinkedQueue<>(List.of("x 1\n"));
        try (ErrorLines log = new ErrorLines(MetricsPage.class);
                MetricsPage page = MetricsPage.start(0, pages::remove)) {
            assertThat(get(page.url()).body()).isEqualTo("x 1\n");
            assertThat(log.lines()).isEmpty();

            assertThat(get(page.url()).statusCode()).isEqualTo(500);
            assertThat(get(page.url()).statusCode()).isEqualTo(500);
            assertThat(log.lines()).singleElement().asString().contains("page cannot be rendered", "500");

            pages.add("x 2\n");
            assertThat(get(page.url()).body()).isEqualTo("x 2\n");
            assertThat(get(page.url()).statusCode()).isEqualTo(500);
            assertThat(log.lines()).as("one each time the failures begin").hasSize(2);
        }
    }

    @Test
    void answersWith500WhateverIsThrown() throws Exception {
        try (ErrorLines log = new ErrorLines(MetricsPage.class);
                MetricsPage page = MetricsPage.start(0, () -> {
                    throw new StackOverflowError("of a gauge");
                })) {
            assertThat(get(page.url()).statusCode()).isEqualTo(500);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void logsALineAtIntervalsWhileItIsOpen() throws Exception {
        HostFigures figures = new HostFigures(
                new HostFigures.Sockets(5, 1, 1, 2, 1, 1),
                new HostFigures.Memory(70, 100, 1),
                new HostFigures.Queues(3, 30, 0, 0),
                new HostFigures.Traffic(10, 20, List.of()));
        Queue<String> lines = new ConcurrentLinkedQueue<>();

        try (FiguresLog log = new FiguresLog(() -> figures, Duration.ofMillis(20), lines::add)) {
            awaitTrue("two lines", () -> lines.size() >= 2);
            assertThat(log).isNotNull();
        }

        assertThat(lines)
                .containsOnly(
                        "connections=3 inbound=2 pending=2 bytesRead=10 bytesWritten=20 heldBytes=70 eventsWaiting=3");
    }

    @Test
    void saysThatFiguresCannotBeHadAndAsksAgain() throws Exception {
        HostFigures figures = new HostFigures(
                new HostFigures.Sockets(0, 0, 0, 0, 0, 0),
                new HostFigures.Memory(0, 100, 0),
                new HostFigures.Queues(0, 0, 0, 0),
                new HostFigures.Traffic(0, 0, List.of()));
        AtomicInteger asked = new AtomicInteger();
        Queue<String> lines = new ConcurrentLinkedQueue<>();

        try (ErrorLines errors = new ErrorLines(FiguresLog.class);
                FiguresLog log = new FiguresLog(
                        () -> {
                            if (asked.incrementAndGet() <= 3) {
                                throw new AssertionError("no figures");
                            }
                            return figures;
                        },
                        Duration.ofMillis(20),
                        lines::add)) {
            awaitTrue("a line", () -> !lines.isEmpty());
            assertThat(log).isNotNull();

            assertThat(errors.lines()).singleElement().asString().contains("figures are not available");
        }
    }

    private static Socket connect(MetricsPage page) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(page.url()).getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void ask(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private HttpResponse<String> get(String url) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("expected a page at " + url, e);
        }
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
}
