package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.testing.ChildProcess;

/**
 * Our ends of the work, in the shortest possible rounds. They run in child processes, since some buffers live as long
 * as a process.
 */
class WorkNodeTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void worksInOneProcess(WorkKind kind) throws IOException {
        assertWorks(List.of("work"), kind);
    }

    @ParameterizedTest
    @EnumSource
    void worksInTwoProcesses(WorkKind kind) throws IOException {
        try (ChildProcess<String> listener = start(List.of("listen", "--kind", kind.key()))) {
            assertWorks(List.of("dial", PeerLines.awaitAddress(listener), "work"), kind);
        }
    }

    private static void assertWorks(List<String> operation, WorkKind kind) throws IOException {
        List<String> arguments = new ArrayList<>(operation);
        arguments.addAll(new WorkPlan(kind, 0, 1, 1).arguments());
        try (ChildProcess<String> dialer = start(arguments)) {
            assertThat(PeerLines.median(dialer.awaitLastLine(LONG))).isPositive();
            assertThat(dialer.awaitExit(LONG)).isZero();
        }
    }

    private static ChildProcess<String> start(List<String> arguments) throws IOException {
        return PeerLines.start(Settings.command(WorkNode.class, List.of(), arguments));
    }
}
