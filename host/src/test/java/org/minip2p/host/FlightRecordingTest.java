package org.minip2p.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.PATIENCE;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.observing.HostMeter;

/** The events that a host writes to the flight recorder of its JVM. */
class FlightRecordingTest {
    private static final String DIAL = "org.minip2p.Dial";
    private static final String STAGE = "org.minip2p.UpgradeStage";
    private static final String CONNECTION = "org.minip2p.Connection";
    private static final String STREAM = "org.minip2p.Stream";
    private static final byte[] REQUEST = "a request".getBytes(UTF_8);

    /**
     * 128 characters of a peer's text, each of which takes up to six characters when it is escaped, and a mark at the
     * cut.
     */
    private static final int MAX_TEXT = 128 * 6 + 1;

    /** Started before there is a recording, because a recording may begin at any time. */
    private static final Hosts EARLY = new Hosts();

    private static final Host SERVER = EARLY.listener();

    /**
     * One recording for all tests. On JDK 17, a process that makes many recordings loses texts of more than 16
     * characters, in all events.
     */
    private static final Recording RECORDING = new Recording();

    private final Hosts hosts = new Hosts();
    private Host client;
    private Instant begin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startRecording() {
        RECORDING.start();
    }

    @BeforeEach
    void startClient() {
        client = hosts.dialer();
        List.of(DIAL, STAGE, CONNECTION, STREAM).forEach(RECORDING::enable);
        begin = Instant.now();
    }

    @AfterEach
    void closeClient() throws Exception {
        hosts.close();
        awaitTrue("the server has seen the end", () -> SERVER.connections().isEmpty());
    }

    @AfterAll
    static void stopRecording() {
        RECORDING.close();
        EARLY.close();
    }

    @Test
    void recordsADialItsStagesItsConnectionAndItsStreams() throws Exception {
        Connection dialed = await(client.dial(address(SERVER)));
        try (BlockingStream echo = BlockingStream.open(dialed, ECHO)) {
            echo.outputStream().write(REQUEST);
            echo.closeOutput();
            assertThat(echo.inputStream().readAllBytes()).isEqualTo(REQUEST);
        }
        await(dialed.close());
        awaitTrue("the server has seen the end", () -> SERVER.connections().isEmpty());

        List<RecordedEvent> events = recorded();

        assertThat(of(events, DIAL)).singleElement().satisfies(dial -> {
            assertThat(dial.getString("peer")).isEqualTo(SERVER.peerId().toString());
            assertThat(dial.getString("outcome")).isEqualTo("connected");
            assertThat(dial.getString("fault")).isEmpty();
            assertThat(dial.getInt("sockets")).isEqualTo(1);
            assertThat(dial.getDuration()).isPositive();
            assertThat(dial.getStackTrace()).isNull();
        });
        assertThat(of(events, STAGE, "outbound"))
                .allMatch(stage -> stage.getString("fault").isEmpty())
                .allMatch(stage -> stage.getString("remoteAddress").equals(socket(address(SERVER))))
                .extracting(stage -> stage.getString("stage"))
                .containsExactlyInAnyOrder("connecting", "negotiating_security", "securing", "deciding");
        assertThat(of(events, STAGE, "inbound"))
                .extracting(stage -> stage.getString("stage"))
                .containsExactlyInAnyOrder("negotiating_security", "securing", "deciding");
        assertThat(of(events, CONNECTION, "outbound")).singleElement().satisfies(connection -> {
            assertThat(connection.getString("peer")).isEqualTo(SERVER.peerId().toString());
            assertThat(connection.getString("remoteAddress")).isEqualTo(socket(address(SERVER)));
            assertThat(connection.getString("security")).isEqualTo("/noise");
            assertThat(connection.getString("muxer")).isEqualTo("/yamux/1.0.0");
            assertThat(connection.getBoolean("earlyMuxer")).isTrue();
            assertThat(connection.getString("reason")).isEqualTo("local");
            assertThat(connection.getLong("bytesRead")).isGreaterThan(100);
            assertThat(connection.getLong("bytesWritten")).isGreaterThan(100);
            assertThat(connection.getDuration()).isPositive();
        });
        assertThat(of(events, CONNECTION, "inbound")).hasSize(1);
        for (String direction : List.of("outbound", "inbound")) {
            assertThat(of(events, STREAM, direction)).singleElement().satisfies(stream -> {
                assertThat(stream.getString("protocol")).isEqualTo(ECHO.value());
                assertThat(stream.getString("end")).isEqualTo("closed");
                assertThat(stream.getLong("streamId")).isEqualTo(1);
                assertThat(stream.getLong("connectionId"))
                        .isEqualTo(of(events, CONNECTION, direction).get(0).getLong("connectionId"));
                assertThat(stream.getLong("bytesRead")).isGreaterThan(REQUEST.length);
                assertThat(stream.getLong("bytesWritten")).isGreaterThan(REQUEST.length);
            });
        }
    }

    @Test
    void recordsStreamsOnlyWhereTheRecordingAsksForThem() throws Exception {
        RECORDING.disable(STREAM);
        Connection connection = await(client.dial(address(SERVER)));
        await(connection.openStream(ECHO, opened -> {
            assertThat(opened.pipeline().names()).noneMatch(name -> name.contains("Meter"));
            opened.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST));
        }));
        await(connection.close());
        awaitTrue("the server has seen the end", () -> SERVER.connections().isEmpty());
        List<RecordedEvent> events = recorded();

        assertThat(of(events, CONNECTION)).hasSize(2);
        assertThat(of(events, STREAM)).isEmpty();
    }

    @Test
    void aRecordingThatNamesNoneOfThemHasAllButStreams() {
        assertThat(FlightRecorder.getFlightRecorder().getEventTypes().stream()
                        .filter(type -> type.getName().startsWith("org.minip2p."))
                        .filter(type -> type.getSettingDescriptors().stream()
                                .anyMatch(setting -> setting.getName().equals("enabled")
                                        && setting.getDefaultValue().equals("true"))))
                .extracting(EventType::getName)
                .containsExactlyInAnyOrder(DIAL, STAGE, CONNECTION);
    }

    @Test
    void recordsWhoResetAStreamAndThatOneHadNoProtocol() throws Exception {
        Connection connection = await(client.dial(address(SERVER)));
        CompletableFuture<Void> echoed = new CompletableFuture<>();
        ProtocolStream opened = await(connection.openStream(ECHO, made -> {
            made.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ReferenceCountUtil.release(message);
                    echoed.complete(null);
                }
            });
            made.channel().writeAndFlush(Unpooled.copiedBuffer(REQUEST));
        }));
        await(echoed);
        opened.reset(0x1003);
        failure(connection.openStream(
                List.of(new ProtocolId("/unspoken/1"), new ProtocolId("/unspoken/2")), made -> {}));
        await(connection.close());
        awaitTrue("the server has seen the end", () -> SERVER.connections().isEmpty());
        List<RecordedEvent> events = recorded();

        assertThat(of(events, STREAM, "outbound"))
                .extracting(stream -> stream.getString("protocol"), stream -> stream.getString("end"))
                .containsExactlyInAnyOrder(tuple(ECHO.value(), "reset_here"), tuple("", "unsupported_protocol"));
        assertThat(of(events, STREAM, "inbound"))
                .filteredOn(stream -> stream.getString("end").equals("reset_by_peer"))
                .singleElement()
                .satisfies(stream -> assertThat(stream.getLong("resetCode")).isEqualTo(0x1003));
    }

    @Test
    void recordsWhyASocketFailedAndBoundsWhatAPeerSent() throws Exception {
        List<RecordedEvent> events;
        try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answerOddly(odd));
            PeerId stranger = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
            failure(client.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + odd.getLocalPort() + "/p2p/" + stranger)));
            await(answered);
            events = recorded();

            assertThat(of(events, DIAL)).singleElement().satisfies(dial -> {
                assertThat(dial.getString("peer")).isEqualTo(stranger.toString());
                assertThat(dial.getString("outcome")).isEqualTo("failed");
                assertThat(dial.getString("fault")).isEqualTo("protocol");
                assertBounded(dial.getString("error"));
            });
        }
        assertThat(of(events, STAGE))
                .filteredOn(stage -> !stage.getString("fault").isEmpty())
                .singleElement()
                .satisfies(stage -> {
                    assertThat(stage.getString("fault")).isEqualTo("protocol");
                    assertBounded(stage.getString("error"));
                });
    }

    private static void assertBounded(String error) {
        assertThat(error).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_TEXT).doesNotContain("\u001b", "\n");
    }

    /**
     * Answers with a line that multistream-select does not define. The line contains control characters of a terminal.
     */
    private static void answerOddly(ServerSocket listening) {
        byte[] line = ("\u001b[2J" + "x".repeat(900) + "\n").getBytes(UTF_8);
        try (Socket socket = listening.accept()) {
            socket.getOutputStream()
                    .write(new byte[] {(byte) ((line.length & 0x7f) | 0x80), (byte) (line.length >> 7)});
            socket.getOutputStream().write(line);
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("the peer of the test failed", e);
        }
    }

    @Test
    void recordsADialThatItsCallerCancelled() throws Exception {
        List<RecordedEvent> events;
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> dial =
                    client.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + mute.getLocalPort()), DialOptions.toAnyPeer());
            try (Socket accepted = mute.accept()) {
                dial.cancel(false);
                assertThat(accepted.getInputStream().readAllBytes()).isNotNull(); // the host closes it
            }
            await(CompletableFuture.runAsync(() -> {}, client.threads.peerExecutor())); // the dial has ended there
            events = recorded();
        }

        assertThat(of(events, DIAL)).singleElement().satisfies(dial -> {
            assertThat(dial.getString("peer")).isEmpty();
            assertThat(dial.getString("outcome")).isEqualTo("cancelled");
        });
        assertThat(of(events, STAGE)).anyMatch(stage -> stage.getString("fault").equals("cancelled"));
    }

    @Test
    void makesNoObjectForAStreamThatNobodyRecords() {
        HostMeter meter = client.parts.meter;
        RECORDING.disable(STREAM);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        askForStreams(meter);

        long allocated = threads.getThreadAllocatedBytes(id);
        int measured = askForStreams(meter);
        allocated = threads.getThreadAllocatedBytes(id) - allocated;

        assertThat(measured).isZero();
        assertThat(allocated).as("bytes allocated for 100,000 streams").isLessThan(10_000);
    }

    private static int askForStreams(HostMeter meter) {
        int measured = 0;
        for (int i = 0; i < 100_000; i++) {
            if (meter.stream(Role.INITIATOR, i) != null) {
                measured++;
            }
        }
        return measured;
    }

    @Test
    void aRuntimeWithoutTheFlightRecorderRunsHosts() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.base,java.logging,java.naming,jdk.unsupported",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutRecorder.class.getName());
        try (ChildProcess<String> process =
                ChildProcess.start("a host without jdk.jfr", command, ChildProcess.Stderr.KEEP)) {
            assertThat(process.await("line", line -> line.startsWith("echoed"), PATIENCE.multipliedBy(3)))
                    .isEqualTo("echoed without jdk.jfr");
            assertThat(process.awaitExit(PATIENCE)).isZero();
        }
    }

    /**
     * Runs two hosts that echo, in a separate JVM that has no class of the recorder. That JVM cannot load the test
     * class around this one.
     */
    static final class WithoutRecorder {
        private WithoutRecorder() {}

        public static void main(String[] args) throws Exception {
            boolean hasRecorder = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
            try (Hosts hosts = new Hosts()) {
                Host server = hosts.listener();
                Connection connection = await(hosts.dialer().dial(address(server)));
                try (BlockingStream stream = BlockingStream.open(connection, ECHO)) {
                    stream.outputStream().write('x');
                    stream.closeOutput();
                    boolean isEcho = stream.inputStream().read() == 'x';
                    System.out.println(
                            (isEcho ? "echoed" : "lost") + (hasRecorder ? " with" : " without") + " jdk.jfr");
                }
            }
        }
    }

    /** The events that were recorded since the test began. */
    private List<RecordedEvent> recorded() throws IOException {
        Path file = folder.resolve("recording.jfr");
        RECORDING.dump(file);
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> event.getStartTime().isBefore(begin));
        return events;
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name, String direction) {
        List<RecordedEvent> found = new ArrayList<>(of(events, name));
        found.removeIf(event -> !event.getString("direction").equals(direction));
        return found;
    }

    /** The socket address, as events write it. */
    private static String socket(Multiaddr address) {
        String[] parts = address.toString().split("/", -1);
        return parts[2] + " " + parts[4];
    }
}
