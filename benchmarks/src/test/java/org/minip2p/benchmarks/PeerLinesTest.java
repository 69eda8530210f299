package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ChildProcess;

/** Lines as the peers print them. Here a shell prints them. */
class PeerLinesTest {
    @Test
    void takesTheFirstAddressOfAListener() throws IOException {
        String line =
                "{\"event\":\"listening\",\"peerId\":\"x\",\"addresses\":[\"/ip4/1.2.3.4/tcp/5\",\"/ip4/6.7.8.9/tcp/5\"]}";
        try (ChildProcess<String> listener = printing(line)) {
            assertThat(PeerLines.awaitAddress(listener)).isEqualTo("/ip4/1.2.3.4/tcp/5");
        }
    }

    @Test
    void refusesALineWithoutAddresses() throws IOException {
        for (String line : List.of("{\"event\":\"listening\"}", "{\"addresses\":[]}", "{\"addresses\":null}", "none")) {
            try (ChildProcess<String> listener = printing(line)) {
                assertThatThrownBy(() -> PeerLines.awaitAddress(listener)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void readsTheRatesOfAnExchange() throws IOException {
        assertThat(PeerLines.rates(
                        "{\"ok\":true,\"uploadMibPerSecond\":100,\"downloadMibPerSecond\":20.5,\"in\":{\"n\":[1]}}"))
                .isEqualTo(new PeerLines.Rates(100, 20.5));
    }

    @Test
    void readsTheLinesOfOurs() throws IOException {
        PeerLines.Rates rates = new PeerLines.Rates(1234.5, 0.25);

        assertThat(PeerLines.rates(PeerLines.exchange(rates))).isEqualTo(rates);
        try (ChildProcess<String> listener = printing(PeerLines.listening("/ip4/127.0.0.1/tcp/4001"))) {
            assertThat(PeerLines.awaitAddress(listener)).isEqualTo("/ip4/127.0.0.1/tcp/4001");
        }
    }

    @Test
    void refusesAnExchangeWithoutRates() {
        assertThatThrownBy(() -> PeerLines.rates("{\"ok\":false,\"error\":\"reset\",\"uploadMibPerSecond\":100}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void readsTheMedianOfAWork() throws IOException {
        assertThat(PeerLines.median("{\"kind\":\"streams\",\"median\":3503.5,\"ok\":true,\"rounds\":[3600,3503.5,1]}"))
                .isEqualTo(3503.5);
        assertThat(PeerLines.median(PeerLines.work(List.of(3.0, 1.0, 2.0)))).isEqualTo(2);
    }

    @Test
    void refusesAWorkWithoutAMedian() {
        assertThatThrownBy(() -> PeerLines.median("{\"ok\":false,\"error\":\"unknown kind\"}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown kind");
    }

    private static ChildProcess<String> printing(String line) throws IOException {
        return PeerLines.start(List.of("/bin/sh", "-c", "echo '" + line + "'"));
    }
}
