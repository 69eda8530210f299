package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The harness itself, on shell scripts that behave like peers, well or badly. */
class PeerProcessTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void takesEachEventOnceAndInOrder() {
        try (PeerProcess peer =
                shell("echo '{\"event\":\"a\",\"n\":1}'; echo '{\"event\":\"b\"}'; echo '{\"event\":\"a\",\"n\":2}'")) {
            long first = peer.awaitEvent("a", LONG).number("n");
            long second = peer.awaitEvent("a", LONG).number("n");

            assertThat(List.of(first, second)).containsExactly(1L, 2L);
            assertThat(peer.awaitEvent("b", LONG).isEvent("b")).isTrue();
        }
    }

    @Test
    void parsesNestedMembers() {
        try (PeerProcess peer =
                shell("echo '{\"ok\":true,\"none\":null,\"rate\":1.5,\"list\":[\"x\",\"y\"],\"in\":{\"n\":-3}}'")) {
            JsonLine line = peer.awaitResult(LONG);

            assertThat(line.ok()).isTrue();
            assertThat(line.members()).containsEntry("none", null);
            assertThat(line.decimal("rate")).isEqualTo(1.5);
            assertThat(line.texts("list")).containsExactly("x", "y");
            assertThat(line.object("in").members()).isEqualTo(Map.of("n", -3));
        }
    }

    @Test
    void sendsCommands() {
        try (PeerProcess peer = shell("read word; echo \"{\\\"event\\\":\\\"$word\\\"}\"")) {
            peer.send("heard");

            assertThat(peer.awaitEvent("heard", LONG).isEvent("heard")).isTrue();
        }
    }

    @Test
    void showsTheOutputOfAPeerThatDies() {
        try (PeerProcess peer = shell("echo 'no json'; echo 'no such file' >&2; exit 3")) {
            assertThatThrownBy(() -> peer.awaitEvent("listening", LONG))
                    .hasMessageContaining("test peer ended without event listening")
                    .hasMessageContaining("no json")
                    .hasMessageContaining("no such file");
        }
    }

    @Test
    void keepsTheLastFiftyLinesOfOutput() {
        try (PeerProcess peer = shell("for i in $(seq 60); do echo \"line $i\" >&2; done")) {
            assertThatThrownBy(() -> peer.awaitResult(LONG))
                    .hasMessageContaining("line 60")
                    .hasMessageContaining("line 11\n")
                    .message()
                    .doesNotContain("line 10\n");
        }
    }

    @Test
    void givesUpAtTheDeadline() {
        try (PeerProcess peer = shell("cat")) {
            assertThatThrownBy(() -> peer.awaitEvent("listening", Duration.ofMillis(50)))
                    .hasMessageContaining("gave no event listening within 50 ms");
        }
    }

    @Test
    void killsAPeerThatDoesNotStopAndWhatItStarted() {
        PeerProcess peer = shell("sleep 600 & echo '{\"event\":\"ready\"}'; wait");
        peer.awaitEvent("ready", LONG);
        List<ProcessHandle> children = peer.handle().descendants().toList();

        peer.close();

        assertThat(children).isNotEmpty();
        assertThat(peer.handle().isAlive()).isFalse();
        assertThat(children)
                .allSatisfy(
                        child -> child.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private static PeerProcess shell(String script) {
        return PeerProcess.start("test peer", Path.of("/bin/sh"), List.of("-c", script));
    }
}
