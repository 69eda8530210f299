package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.host.Connection;

/** The events that the handshake writes to the flight recorder of its JVM. */
class RecordedHandshakesTest {
    private static final String HANDSHAKE = "org.minip2p.Handshake";

    /**
     * One recording for all tests. On JDK 17, a process that is recorded again and again loses texts of more than 16
     * characters, in any event.
     */
    private static final Recording RECORDING = new Recording();

    @TempDir
    private Path folder;

    @BeforeAll
    static void startRecording() {
        RECORDING.enable(HANDSHAKE);
        RECORDING.start();
    }

    @AfterAll
    static void stopRecording() {
        RECORDING.close();
    }

    @Test
    void recordsAHandshakeThatIsComplete() throws Exception {
        List<RecordedEvent> events;
        Connection connection;
        String peer;
        try (Node node = Node.start();
                Node other = Node.start()) {
            connection = node.dial(other.host);
            peer = other.id().toString();
            assertThat(next(node)).isInstanceOf(HandshakeEvent.Completed.class);
            events = recorded();
        }

        assertThat(events)
                .filteredOn(event -> event.getString("peer").equals(peer))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getString("outcome")).isEqualTo("completed");
                    assertThat(event.getString("reason")).isEmpty();
                    assertThat(event.getLong("connectionId")).isEqualTo(connection.id());
                    assertThat(event.getDuration("exchange")).isPositive();
                    assertThat(event.getStackTrace()).isNull();
                });
    }

    @Test
    void recordsAPeerThatIsNotForUsAndBoundsItsText() throws Exception {
        NodeInfo odd = NodeInfo.of("0x\u001b[2J" + "x".repeat(200));
        List<RecordedEvent> events;
        String peer;
        try (Node node = Node.start();
                Node other = Node.start(() -> odd, Node.NO_HURRY)) {
            node.dial(other.host);
            peer = other.id().toString();
            assertThat(next(node)).isInstanceOf(HandshakeEvent.Failed.class);
            events = recorded();
        }

        assertThat(events)
                .filteredOn(event -> event.getString("peer").equals(peer))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.getString("outcome")).isEqualTo("refused");
                    assertThat(event.getString("reason"))
                            .startsWith("NetworkMismatch")
                            .hasSizeLessThan(800)
                            .doesNotContain("\u001b");
                    assertThat(event.getLong("exchange")).isZero();
                });
    }

    @Test
    void recordsNothingWhenNobodyAsks() throws Exception {
        List<RecordedEvent> events;
        String peer;
        try (Node node = Node.start();
                Node other = Node.start()) {
            RECORDING.disable(HANDSHAKE);
            node.dial(other.host);
            peer = other.id().toString();
            assertThat(next(node)).isInstanceOf(HandshakeEvent.Completed.class);
            events = recorded();
        } finally {
            RECORDING.enable(HANDSHAKE);
        }

        assertThat(events).noneMatch(event -> event.getString("peer").equals(peer));
    }

    private static HandshakeEvent next(Node node) throws InterruptedException {
        return Objects.requireNonNull(
                node.events.poll(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "the handshake is told");
    }

    private List<RecordedEvent> recorded() throws IOException {
        Path file = folder.resolve("recording.jfr");
        RECORDING.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(HANDSHAKE))
                .toList();
    }
}
