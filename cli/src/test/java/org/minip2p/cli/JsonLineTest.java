package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.PeerId;

class JsonLineTest {
    @Test
    void writesEachKindOfValueInTheOrderInWhichTheyWereAdded() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("z", "text");
        values.put("a", true);
        values.put("int", 3);
        values.put("long", 1L << 40);
        values.put("double", 2.0);
        values.put("none", null);
        values.put("list", List.of("x", 1));
        values.put("in", Map.of("k", "v"));

        assertThat(JsonLine.of(values))
                .isEqualTo("{\"z\":\"text\",\"a\":true,\"int\":3,\"long\":1099511627776,\"double\":2.0,"
                        + "\"none\":null,\"list\":[\"x\",1],\"in\":{\"k\":\"v\"}}");
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
    void keepsEveryCharacterOfATextOnOneLine(String text) {
        String line = JsonLine.of(Map.of(text, text));

        assertThat(line.chars()).allMatch(character -> character >= ' ');
        assertThat(Json.object(line)).containsExactlyEntriesOf(Map.of(text, text));
    }

    @Test
    void refusesAValueThatIsNoneOfJson() {
        Map<String, Object> values =
                Map.of("peer", PeerId.parse("12D3KooWGC4txX4q4qMTqrf9K1RnmsG4xAUPw5G1HQmDzRTxLzLn"));

        assertThatThrownBy(() -> JsonLine.of(values)).hasMessageContaining("PeerId");
    }
}
