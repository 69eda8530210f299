package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

class DerTest {
    @ParameterizedTest
    @CsvSource({"0,020100", "1,020101", "127,02017f", "128,02020080", "255,020200ff", "256,02020100", "65536,0203010000"
    })
    void readsAndWritesIntegersInTheirShortestForm(BigInteger value, String hex) throws MalformedDerException {
        assertThat(Der.integer(value)).isEqualTo(Hex.bytes(hex));
        assertThat(Der.of(Hex.bytes(hex)).unsigned()).isEqualTo(value);
    }

    @Conforms("PID-27")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "0200",
                "0201",
                "020180",
                "02020001",
                "0202007f",
                "0203000080",
                "030101",
                "028101ff",
                "02800100"
            })
    void refusesIntegersThatAreCutEmptyNegativeOrTooLong(String hex) {
        assertThatThrownBy(() -> Der.of(Hex.bytes(hex)).unsigned()).isInstanceOf(MalformedDerException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535})
    void readsEveryLengthThatItWrites(int length) throws MalformedDerException {
        byte[] content = new byte[length];

        Der written = Der.of(Der.element(Der.OCTET_STRING, content));

        assertThat(written.content(Der.OCTET_STRING)).isEqualTo(content);
        written.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0480", "04817f", "0482007f", "048200ff", "0483010000", "0484ffffffff", "04ff", "0405ffffffff"})
    void refusesLengthsThatAreIndefiniteTooLongOrPastTheEnd(String start) {
        byte[] bytes = Arrays.copyOf(Hex.bytes(start), "0405ffffffff".equals(start) ? 6 : 300);

        assertThatThrownBy(() -> Der.of(bytes).content(Der.OCTET_STRING)).isInstanceOf(MalformedDerException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0405ff, an element of 5 bytes where 1 are left",
        "3003040500, an element of 5 bytes where 1 are left",
        "0480, a length in 0 bytes",
        "0483010000, a length in 3 bytes",
        "0501ff, 'tag 04 expected, not 05'",
    })
    void saysWhatIsWrongWithAnElement(String hex, String what) {
        assertThatThrownBy(() -> {
                    Der outer = Der.of(Hex.bytes(hex));
                    (hex.startsWith("30") ? outer.sequence() : outer).content(Der.OCTET_STRING);
                })
                .isInstanceOf(MalformedDerException.class)
                .hasMessage(what);
    }

    @Test
    void saysHowMuchIsLeftOver() throws MalformedDerException {
        Der outer = Der.of(Hex.bytes("3003040102ff"));
        Der inner = outer.sequence();

        assertThatThrownBy(outer::end).hasMessage("1 bytes after the last element");
        assertThatThrownBy(inner::end).hasMessage("3 bytes after the last element");
    }

    @Test
    void doesNotLookBehindTheEndOfASequence() throws MalformedDerException {
        Der inner = Der.of(Hex.bytes("3002020101")).sequence();

        assertThatThrownBy(inner::unsigned).isInstanceOf(MalformedDerException.class);
    }

    @Test
    void refusesWhatIsLeftOver() throws MalformedDerException {
        Der outer = Der.of(Hex.bytes("300000"));
        outer.sequence().end();

        assertThatThrownBy(outer::end).isInstanceOf(MalformedDerException.class);
    }
}
