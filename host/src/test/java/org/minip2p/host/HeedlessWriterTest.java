package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.ResetCode;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** A handler that writes without checking loses its stream, and nothing else: no other stream, and not the process. */
class HeedlessWriterTest {
    /** The queues of this many streams would need more than twice the memory of the process. */
    private static final int STREAMS = 80;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:MaxDirectMemorySize=32m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            HeedlessWriter.class.getName());

    static final List<ProtocolId> WRITERS = List.of(HeedlessWriter.BY_TASKS, HeedlessWriter.BY_A_THREAD);

    @ParameterizedTest
    @FieldSource("WRITERS")
    void losesItsStreamAlone(ProtocolId writer) throws Exception {
        try (Hosts hosts = new Hosts();
                ChildProcess<String> process = ChildProcess.start("heedless writer", COMMAND, Stderr.KEEP)) {
            Multiaddr address = Multiaddr.parse(process.awaitLine(PATIENCE));
            Connection connection = await(hosts.dialer().dial(address));
            for (int i = 0; i < STREAMS; i++) {
                BlockingStream unread = BlockingStream.open(connection, writer);

                assertThat(process.awaitLine(PATIENCE)).isEqualTo("StreamQueueFullException");

                assertThatThrownBy(() -> unread.inputStream().readAllBytes())
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                reset -> assertThat(reset.code()).isEqualTo(ResetCode.RESOURCE_LIMIT_EXCEEDED));
                unread.close();
            }
            assertThat(HostTest.echo(connection, new byte[100_000])).hasSize(100_000);
        }
    }
}
