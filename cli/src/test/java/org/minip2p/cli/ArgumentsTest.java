package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ArgumentsTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "17, 17", "2KiB, 2048", "3MiB, 3145728", "1GiB, 1073741824"})
    void readsBytesWithAndWithoutAUnit(String text, long bytes) {
        assertThat(new Arguments.Bytes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5MiB", "1MB", "KiB", "99999999999999999999", "9000000000000GiB"})
    void refusesWhatIsNoNumberOfBytes(String text) {
        assertThatThrownBy(() -> new Arguments.Bytes().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1e3", "2147483648"})
    void refusesWhatIsNoCount(String text) {
        assertThatThrownBy(() -> new Arguments.Count().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "dial",
                "dial nonsense ping",
                "dial /ip4/127.0.0.1 ",
                "dial /ip4/127.0.0.1/tcp/1",
                "dial /ip4/127.0.0.1/tcp/1 fly",
                "dial /ip4/127.0.0.1/tcp/1 ping --count 0",
                "listen --listen nonsense",
                "listen --host-config idleTimeout",
                "listen --host-config idleTimeout=soon",
                "listen --host-config patience=1",
                "listen --io select",
                "listen --metrics 99999",
                "listen --metrics -1",
                "listen --metrics soon",
                "demo --bytes many",
                "id"
            })
    void saysInOneLineThatTheArgumentsAreWrong(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.strip().split(" ");

        Run run = Run.of(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).singleElement().asString().startsWith("minip2p: ").contains("--help");
    }

    @Test
    void namesTheMultiaddrThatIsNone() {
        Run run = Run.of("dial", "nonsense", "ping", "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .singleElement()
                .asString()
                .contains("MULTIADDR", "expected /name/value/…, got 'nonsense'");
        assertThat(run.result()).containsOnlyKeys("ok", "error").containsEntry("ok", false);
    }

    @Test
    void showsThatAMultiaddrIsEmpty() {
        Run run = Run.of("dial", "", "ping");

        assertThat(run.err()).singleElement().asString().contains("expected /name/value/…, got ''");
    }

    @Test
    void showsItsHelpOnRequest() {
        Run run = Run.of("dial", "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(String.join("\n", run.out())).contains("ping", "echo", "perf", "identify", "handshake");
    }
}
