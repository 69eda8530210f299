package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void isOneObjectOfJsonWithAllItsMembers() {
        Figure figure =
                Figure.of("bulk/stream", 1234.5, "MiB/s").beside(1371.25).ratioAtLeast(0.9);

        assertThat(figure.toJson())
                .isEqualTo("{\"name\":\"bulk/stream\",\"value\":1235,\"unit\":\"MiB/s\",\"floor\":1371,\"ratio\":0.900,"
                        + "\"target\":\">= 0.900 x\",\"met\":true}");
    }

    @Test
    void hasNullsForWhatIsNotThere() {
        assertThat(Figure.of("bulk/raw", 2.5, "MiB/s").toJson())
                .isEqualTo("{\"name\":\"bulk/raw\",\"value\":2.50,\"unit\":\"MiB/s\",\"floor\":null,\"ratio\":null,"
                        + "\"target\":null,\"met\":null}");
    }

    @Test
    void isMetByItsValue() {
        assertThat(Figure.of("a", 20, "B").atMost(20).isMet()).isTrue();
        assertThat(Figure.of("a", 20.1, "B").atMost(20).isMet()).isFalse();
        assertThat(Figure.of("a", 20, "1/s").atLeast(20).isMet()).isTrue();
        assertThat(Figure.of("a", 19.9, "1/s").atLeast(20).isMet()).isFalse();
    }

    @Test
    void isMetByItsRatioToTheFloor() {
        assertThat(Figure.of("a", 13, "µs").beside(10).ratioAtMost(1.3).isMet()).isTrue();
        assertThat(Figure.of("a", 14, "µs").beside(10).ratioAtMost(1.3).isMet()).isFalse();
        assertThat(Figure.of("a", 9, "MiB/s").beside(10).ratioAtLeast(0.9).isMet())
                .isTrue();
        assertThat(Figure.of("a", 8, "MiB/s").beside(10).ratioAtLeast(0.9).isMet())
                .isFalse();
    }

    @Test
    void isNotMetWhenTheFloorOfItsRatioIsMissing() {
        assertThat(Figure.of("a", 13, "µs").ratioAtMost(1.3).isMet()).isFalse();
    }

    @Test
    void comesBackFromItsJson() throws IOException {
        Figure withAll = Figure.of("ping-pong/stream", 20, "µs").beside(16).ratioAtMost(1.5);
        Figure withValue = Figure.of("streams/64", 100_001, "1/s").atLeast(100_000);
        Figure alone = Figure.of("bulk/raw", 0.25, "MiB/s");

        assertThat(Figure.parse(withAll.toJson())).isEqualTo(withAll);
        assertThat(Figure.parse(withValue.toJson())).isEqualTo(withValue);
        assertThat(Figure.parse(alone.toJson())).isEqualTo(alone);
    }

    /** Names contain a peer's own name, which may be any text. */
    @Test
    void keepsEveryCharacterOfItsNameOnOneLine() throws IOException {
        Figure figure = Figure.of("a \"quoted\" \\ name,\ntwo lines\r\u0000\u001b[31m\u2028", 1, "\"\n");

        String json = figure.toJson();

        assertThat(json.chars()).allMatch(character -> character >= ' ');
        assertThat(Figure.parse(json)).isEqualTo(figure);
    }

    @Test
    void hasNoNumberForTheRatioToNothing() throws IOException {
        Figure figure = Figure.of("idle/stream/direct", 10, "B").beside(0);

        assertThat(figure.ratio()).isNull();
        assertThat(figure.toJson()).contains("\"floor\":0,\"ratio\":null");
        assertThat(Figure.parse(figure.toJson())).isEqualTo(figure);
    }

    @Test
    void doesNotComeFromAnythingElse() {
        assertThatThrownBy(() -> Figure.parse("{\"event\":\"listening\"}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Figure.parse("warming up")).isInstanceOf(IOException.class);
    }
}
