package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void escapesWhatWouldChangeALogLine() {
        assertThat(Printable.of("ok ~\n\u001b[31m\u007fé")).isEqualTo("ok ~\\u000a\\u001b[31m\\u007f\\u00e9");
    }

    @Test
    void cutsLongText() {
        assertThat(Printable.of("a".repeat(128))).isEqualTo("a".repeat(128));
        assertThat(Printable.of("a".repeat(129))).isEqualTo("a".repeat(128) + "…");
    }
}
