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

    // SEC-H19
    @Test
    void escapesWhatATerminalObeysAndNothingElse() {
        assertThat(Printable.safe("grüße пример \u4f60 \ud83d\ude00")).isEqualTo("grüße пример \u4f60 \ud83d\ude00");
        assertThat(Printable.safe("a\u001b[2J\n\u202e\ud800")).isEqualTo("a\\u001b[2J\\u000a\\u202e\\ud800");
        assertThat(Printable.safe("x".repeat(500))).hasSize(500);
    }

    // SEC-H19
    @Test
    void saysWhatAFailureIsAlsoWhereItSaysNothing() {
        assertThat(Printable.message(new IllegalStateException("so\u001b"))).isEqualTo("so\\u001b");
        assertThat(Printable.message(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(Printable.message(new IllegalStateException(" "))).isEqualTo("IllegalStateException");
    }

    // SEC-H19
    @Test
    void keepsTheTextsOfFailuresAndNamesFit() {
        assertThat(new Libp2pException("got \u001b[31m")).hasMessage("got \\u001b[31m");
        assertThat(new Libp2pException("got \u202e", new IllegalStateException()))
                .hasMessage("got \\u202e");
        assertThat(new ProtocolId("/x\u001b[2J/é")).hasToString("/x\\u001b[2J/é");
    }
}
