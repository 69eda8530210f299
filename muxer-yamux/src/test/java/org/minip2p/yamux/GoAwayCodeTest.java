package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoAwayCodeTest {
    @ParameterizedTest
    @CsvSource({
        "0, on purpose (code 0)",
        "1, protocol error (code 1)",
        "2, internal error (code 2)",
        "42, code 42",
        "4095, code 4095",
        "4096, protocol negotiation failed (code 0x1000)",
        "4097, resource limit exceeded (code 0x1001)",
        "4098, rate limited (code 0x1002)",
        "4099, protocol violation (code 0x1003)",
        "4100, supplanted (code 0x1004)",
        "4101, garbage collected (code 0x1005)",
        "4102, shutting down (code 0x1006)",
        "4103, gated (code 0x1007)",
        "4294967295, code 0xffffffff",
    })
    void saysWhatACodeMeans(long code, String words) {
        assertThat(GoAwayCode.describe(code)).isEqualTo(words);
    }
}
