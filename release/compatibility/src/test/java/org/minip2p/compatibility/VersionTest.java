package org.minip2p.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @ParameterizedTest
    @CsvSource({
        "0.9.0, 0.9.0, ADDITIONS",
        "0.9.0, 0.9.1, NOTHING",
        "0.9.3, 0.10.0, EVERYTHING",
        "0.10.0, 1.0.0, EVERYTHING",
        "1.0.0, 1.0.1, NOTHING",
        "1.0.4, 1.1.0, ADDITIONS",
        "1.9.0, 2.0.0, EVERYTHING",
    })
    void theStepDecidesWhatMayChange(String before, String now, Version.Allowed allowed) {
        assertThat(Version.parse(now).since(Version.parse(before))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "0.9.0, NOTHING, 0.9.1",
        "0.9.1, ADDITIONS, 0.10.0",
        "0.9.1, EVERYTHING, 0.10.0",
        "1.2.3, ADDITIONS, 1.3.0",
        "1.2.3, EVERYTHING, 2.0.0",
    })
    void theNextVersionMayChangeSoMuch(String before, Version.Allowed change, String next) {
        Version version = Version.parse(before);

        assertThat(version.next(change)).hasToString(next);
        assertThat(version.next(change).since(version)).isGreaterThanOrEqualTo(change);
    }

    @Test
    void anEarlierVersionIsNoNextOne() {
        assertThatThrownBy(() -> Version.parse("0.9.9").since(Version.parse("0.10.0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a version not below 0.10.0, got 0.9.9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0", "1.0.0-SNAPSHOT", "1.0.0.0", "-1.0.0", "9999999.0.0"})
    void anythingElseIsNoVersion(String text) {
        assertThatThrownBy(() -> Version.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a version such as 0.9.0");
    }
}
