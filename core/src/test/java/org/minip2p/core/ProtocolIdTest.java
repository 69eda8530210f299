package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "ping", "/ping\n", "/a\nb"})
    void refusesNamesWithoutASlashInFrontOrWithANewline(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolId(name));
    }

    @Test
    void countsBytesAndNotCharacters() {
        String atLimit = "/" + "é".repeat(511);

        assertThat(new ProtocolId(atLimit)).hasToString(atLimit);
        assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolId(atLimit + "e"));
    }
}
