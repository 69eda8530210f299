package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.minip2p.host.Host;

class HandshakeCommandTest {
    private static final Map<String, String> METADATA =
            Map.of("nodeVersion", Version.agent(), "executionNode", "", "consensusNode", "", "subnets", "0".repeat(32));

    @Test
    void exchangesNodeInfoWithAPeerOfTheSameNetwork() throws Exception {
        try (Listening listening = Listening.with("--network-id", "0x0a0b")) {
            Run run = Run.of("dial", listening.address(), "handshake", "--network-id", "0x0a0b", "--json");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.result())
                    .containsOnlyKeys("ok", "networkId", "metadata")
                    .containsEntry("networkId", "0x0a0b")
                    .containsEntry("metadata", METADATA);
            assertThat(listening.next("handshake"))
                    .containsEntry("outcome", "completed")
                    .containsEntry("networkId", "0x0a0b")
                    .containsEntry("metadata", METADATA)
                    .containsEntry("initiatedByUs", false);
        }
    }

    @Test
    void tellsPeopleTheNetwork() throws Exception {
        try (Listening listening = Listening.with()) {
            Run run = Run.of("dial", listening.address(), "handshake");

            assertThat(run.exitCode()).isZero();
            assertThat(String.join("\n", run.out())).contains("network   0x00000502", Version.agent());
        }
    }

    @Test
    void saysWhichNetworkThePeerIsOnWhenItIsAnother() throws Exception {
        try (Listening listening = Listening.with()) {
            Run run = Run.of("dial", listening.address(), "handshake", "--network-id", "0x00000001", "--json");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .contains("expected a peer of network 0x00000001, found one of network 0x00000502");
            assertThat(run.result())
                    .containsOnlyKeys("ok", "reason", "error")
                    .containsEntry("ok", false)
                    .containsEntry("reason", "NetworkMismatch");
            assertThat(listening.next("handshake"))
                    .containsEntry("outcome", "failed")
                    .containsEntry("reason", "NetworkMismatch");
        }
    }

    /** As at a fork: the two are on different networks, and each accepts the other's. */
    @Test
    void exchangesNodeInfoWithAPeerOfANetworkThatIsAccepted() throws Exception {
        try (Listening listening =
                Listening.with("--network-id", "0x0a", "--accept-network", "0x0c", "--accept-network", "0x0b")) {
            Run run = Run.of(
                    "dial",
                    listening.address(),
                    "handshake",
                    "--network-id",
                    "0x0b",
                    "--accept-network",
                    "0x0a",
                    "--json");

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.result()).containsEntry("networkId", "0x0a");
            assertThat(listening.next("handshake"))
                    .containsEntry("outcome", "completed")
                    .containsEntry("networkId", "0x0b");
        }
    }

    @Test
    void namesEveryNetworkThatItWouldHaveAccepted() throws Exception {
        try (Listening listening = Listening.with("--network-id", "0x0c")) {
            Run run = Run.of(
                    "dial", listening.address(), "handshake", "--network-id", "0x0b", "--accept-network", "0x0a");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .contains("expected a peer of network 0x0a or 0x0b, found one of network 0x0c");
        }
    }

    @Test
    void saysThatThePeerDoesNotSpeakIt() {
        try (Host host = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start().join()) {
            Run run = Run.of("dial", host.addresses().get(0).toString(), "handshake", "--json");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).hasSize(1);
            assertThat(run.result()).containsEntry("ok", false).containsEntry("reason", "ProtocolNotSupported");
        }
    }

    @Test
    void refusesANetworkIdThatIsNone() {
        Run run = Run.of("dial", "/ip4/127.0.0.1/tcp/1", "handshake", "--network-id", "mainnet");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().contains("--network-id", "mainnet");
    }

    @Test
    void refusesANetworkToAcceptThatIsNone() {
        Run run = Run.of("listen", "--accept-network", "mainnet");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().contains("--accept-network", "mainnet");
    }
}
