package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResetCodeTest {
    /** The numbers of the specification's table. */
    @ParameterizedTest
    @CsvSource({
        "0, no reason given",
        "0x1001, protocol negotiation failed (code 0x1001)",
        "0x1002, resource limit exceeded (code 0x1002)",
        "0x1003, rate limited (code 0x1003)",
        "0x1004, protocol violation (code 0x1004)",
        "0x1005, supplanted (code 0x1005)",
        "0x1006, garbage collected (code 0x1006)",
        "0x1007, shutting down (code 0x1007)",
        "0x1008, gated (code 0x1008)",
    })
    void saysInWordsWhatTheSpecificationNames(String code, String words) {
        assertThat(ResetCode.describe(Long.decode(code))).isEqualTo(words);
    }

    /** A code has 32 bits, and a peer may send any. */
    @ParameterizedTest
    @CsvSource({"1", "42", "65536", "4294967295"})
    void givesTheNumberOfAnyOtherCode(long code) {
        assertThat(ResetCode.describe(code)).isEqualTo("code " + code);
    }

    @Test
    void standsInTheMessageOfAReset() {
        StreamResetException byPeer = new StreamResetException(7, ResetCode.RATE_LIMITED, true);
        StreamResetException byUs = new StreamResetException(8, ResetCode.NONE, false);

        assertThat(byPeer).hasMessage("stream 7 was reset by the peer: rate limited (code 0x1003)");
        assertThat(byPeer.code()).isEqualTo(0x1003);
        assertThat(byPeer.byPeer()).isTrue();
        assertThat(byUs).hasMessage("stream 8 was reset by this end: no reason given");
        assertThat(byUs.code()).isZero();
        assertThat(byUs.byPeer()).isFalse();
    }
}
