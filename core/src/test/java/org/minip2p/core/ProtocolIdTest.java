package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

class ProtocolIdTest {
    @Conforms("MSS-17")
    @ParameterizedTest
    @ValueSource(strings = {"", "ping", "/ping\n", "/a\nb", "na", "ls"})
    void refusesNamesWithoutASlashInFrontOrWithANewline(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolId(name));
    }

    @Conforms("MSS-17")
    @Test
    void countsBytesAndNotCharacters() {
        String atLimit = "/" + "é".repeat(511);

        assertThat(new ProtocolId(atLimit)).hasToString(atLimit);
        assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolId(atLimit + "e"));
    }
}
