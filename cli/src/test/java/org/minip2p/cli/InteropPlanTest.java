package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;

/** Reads the environment variables of both contracts. */
class InteropPlanTest {
    private static final Map<String, String> OLD =
            Map.of("is_dialer", "true", "transport", "tcp", "security", "noise", "muxer", "yamux");

    private static final Map<String, String> NEW = Map.of(
            "IS_DIALER", "true",
            "REDIS_ADDR", "transport-redis:6379",
            "TEST_KEY", "a5b50d5e",
            "TRANSPORT", "tcp",
            "SECURE_CHANNEL", "noise",
            "MUXER", "yamux",
            "LISTENER_IP", "127.0.0.1");

    /** UNI-1 to UNI-9. */
    @Test
    void readsTheNewContract() throws Exception {
        InteropPlan plan = InteropPlan.of(NEW);

        assertThat(plan)
                .isEqualTo(new InteropPlan(
                        InteropContract.UNIFIED_TESTING,
                        true,
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/0"),
                        "transport-redis",
                        6379,
                        "a5b50d5e_listener_multiaddr",
                        Duration.ofMinutes(3),
                        false));
        assertThat(changed(NEW, "IS_DIALER", "false").isDialer()).isFalse();
        assertThat(changed(NEW, "TEST_TIMEOUT_SECS", "20").timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(changed(NEW, "DEBUG", "true").isVerbose()).isTrue();
        assertThat(changed(NEW, "DEBUG", "false").isVerbose()).isFalse();
    }

    @Test
    void readsTheOldContract() throws Exception {
        InteropPlan plan = InteropPlan.of(OLD);

        assertThat(plan)
                .isEqualTo(new InteropPlan(
                        InteropContract.TEST_PLANS,
                        true,
                        Multiaddr.parse("/ip4/0.0.0.0/tcp/0"),
                        "redis",
                        6379,
                        "listenerAddr",
                        Duration.ofMinutes(3),
                        false));
        assertThat(changed(OLD, "is_dialer", "no").isDialer()).isFalse();
        assertThat(changed(OLD, "test_timeout_seconds", "20").timeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void refusesTheVariablesOfBothContracts() {
        Map<String, String> both = new TreeMap<>(OLD);
        both.put("TEST_KEY", "a5b50d5e");

        assertThatThrownBy(() -> InteropPlan.of(both))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo("two-contracts"))
                .hasMessageStartingWith("expected the environment variables of either libp2p/test-plans (is_dialer,")
                .hasMessageEndingWith("got transport, security, muxer, is_dialer and TEST_KEY");
    }

    @Test
    void refusesTheVariablesOfNoContract() {
        assertThatThrownBy(() -> InteropPlan.of(Map.of("PATH", "/bin", "DEBUG", "true", "Transport", "tcp")))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo("no-contract"))
                .hasMessageContaining("libp2p/unified-testing (IS_DIALER,")
                .hasMessageEndingWith("got none of them");
    }

    /** UNI-10 for each variable, and the empty key of UNI-3. */
    @ParameterizedTest
    @CsvSource({
        "IS_DIALER, yes",
        "IS_DIALER, ''",
        "REDIS_ADDR, ''",
        "REDIS_ADDR, transport-redis",
        "REDIS_ADDR, :6379",
        "REDIS_ADDR, transport-redis:0",
        "REDIS_ADDR, transport-redis:65536",
        "REDIS_ADDR, transport-redis:port",
        "TEST_KEY, ''",
        "TEST_KEY, ' '",
        "TRANSPORT, quic-v1",
        "TRANSPORT, TCP",
        "SECURE_CHANNEL, tls",
        "MUXER, mplex",
        "LISTENER_IP, localhost",
        "LISTENER_IP, 256.0.0.1",
        "LISTENER_IP, ''",
        "TEST_TIMEOUT_SECS, 0",
        "TEST_TIMEOUT_SECS, -1",
        "TEST_TIMEOUT_SECS, 1.5",
        "TEST_TIMEOUT_SECS, 86401",
        "TEST_TIMEOUT_SECS, soon"
    })
    void refusesAWrongValueAndNamesIt(String name, String value) {
        assertThatThrownBy(() -> changed(NEW, name, value))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageStartingWith(name + (value.isBlank() ? " is empty; expected " : "=" + value + " is not "))
                .hasMessageContaining("; expected ");
    }

    @Test
    void namesTheValueThatIsSupported() {
        assertThatThrownBy(() -> changed(NEW, "TRANSPORT", "quic-v1"))
                .hasMessage("TRANSPORT=quic-v1 is not supported; expected tcp");
        assertThatThrownBy(() -> changed(NEW, "IS_DIALER", "yes"))
                .hasMessage("IS_DIALER=yes is not valid; expected true or false");
    }

    /** UNI-1 to UNI-6: the variables that are always set for this stack. */
    @ParameterizedTest
    @ValueSource(strings = {"IS_DIALER", "REDIS_ADDR", "TEST_KEY", "TRANSPORT", "SECURE_CHANNEL", "MUXER"})
    void refusesToDoWithout(String name) {
        Map<String, String> without = new TreeMap<>(NEW);
        without.remove(name);

        assertThatThrownBy(() -> InteropPlan.of(without))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageStartingWith(name + " is not set; expected ");
    }

    private static InteropPlan changed(Map<String, String> variables, String name, String value)
            throws CommandFailedException {
        Map<String, String> changed = new TreeMap<>(variables);
        changed.put(name, value);
        return InteropPlan.of(changed);
    }
}
