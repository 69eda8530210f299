package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {
    @Test
    void readsNumbersOfAnySize() throws IOException {
        JsonLine line = JsonLine.parse("{\"small\":1,\"large\":1099511627776,\"whole\":2,\"part\":0.5}");

        assertThat(line.number("small")).isEqualTo(1);
        assertThat(line.number("large")).isEqualTo(1L << 40);
        assertThat(line.decimal("whole")).isEqualTo(2);
        assertThat(line.decimal("part")).isEqualTo(0.5);
    }

    @Test
    void namesTheMemberThatIsMissingOrOfAnotherType() throws IOException {
        JsonLine line = JsonLine.parse("{\"text\":\"1\",\"none\":null}");

        assertThatThrownBy(() -> line.number("text")).hasMessageContaining("expected a Number text");
        assertThatThrownBy(() -> line.text("none")).hasMessageContaining("expected a String none");
        assertThatThrownBy(() -> line.text("missing")).hasMessageContaining("expected a String missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "3", "[{}]", "{\"a\":1", "{} {}", "{}x"})
    void refusesWhatIsNotOneObject(String line) {
        assertThatThrownBy(() -> JsonLine.parse(line)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a \"quoted\" word",
                "two\nlines\r\n",
                "\u0000\u0001\u001b[31m\t",
                "back\\slash",
                "\u00e9\u2028\ud83d\ude00"
            })
    void readsEveryCharacterOfAReport(String text) throws IOException {
        Cell cell = new Cell(Peers.GO, PeerRole.LISTENER, Case.of(text, bench -> {}));

        String json = Report.json(cell, new Outcome(Outcome.Kind.FAILED, text, Duration.ZERO));

        assertThat(json.chars()).allMatch(character -> character >= ' ');
        JsonLine line = JsonLine.parse(json);
        assertThat(line.text("case")).isEqualTo(text);
        assertThat(line.text("detail")).isEqualTo(text);
    }
}
