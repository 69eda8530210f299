package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

class IpTextTest {
    @Conforms("MAD-5")
    @ParameterizedTest
    @CsvSource({"0.0.0.0,00000000", "1.20.200.255,0114c8ff", "255.255.255.255,ffffffff"})
    void readsAndWritesIp4(String text, String hex) {
        assertThat(IpText.parseIp4(text)).isEqualTo(Hex.bytes(hex));
        assertThat(IpText.formatIp4(Hex.bytes(hex))).isEqualTo(text);
    }

    @Conforms({"MAD-5", "MAD-6"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.",
                "256.1.1.1",
                "01.2.3.4",
                "00.0.0.0",
                "1.2.3.0004",
                "+1.2.3.4",
                "-1.2.3.4",
                "1.2.3. 4",
                "0x1.2.3.4",
                "1.2.3.a",
                "::1",
                "١.2.3.4",
                "1.2.3.4294967297"
            })
    void refusesWhatIsNoIp4(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpText.parseIp4(text));
    }

    // RFC 5952, 4.2 and 4.3, and the form for mapped addresses of section 5
    @Conforms("MAD-7")
    @ParameterizedTest
    @CsvSource({
        "::,::",
        "::1,::1",
        "1::,1::",
        "0:0:0:0:0:0:0:0,::",
        "2001:db8:0:0:0:0:2:1,2001:db8::2:1",
        "2001:0db8::0001,2001:db8::1",
        "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
        "2001:DB8:AAAA::,2001:db8:aaaa::",
        "::2:3:4:5:6:7:8,0:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0",
        "1:2:3:4:5:6:0:0,1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8,::3:4:5:6:7:8",
        "::ffff:1.2.3.4,::ffff:1.2.3.4",
        "::ffff:102:304,::ffff:1.2.3.4",
        "0:0:0:0:0:ffff:0.0.0.0,::ffff:0.0.0.0",
        "64:ff9b::1.2.3.4,64:ff9b::102:304",
        "1:2:3:4:5:6:1.2.3.4,1:2:3:4:5:6:102:304",
        "::1.2.3.4,::102:304",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::fffe:1.2.3.4,::fffe:102:304",
    })
    void readsAnyIp6AndWritesItAsRfc5952(String text, String canonical) {
        byte[] address = IpText.parseIp6(text);

        assertThat(address).hasSize(16);
        assertThat(IpText.formatIp6(address)).isEqualTo(canonical);
        assertThat(IpText.parseIp6(canonical)).isEqualTo(address);
    }

    @Conforms({"MAD-6", "MAD-8"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2:3:4:5:6:7:8",
                "1::2::3",
                "1:::2",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                ":1::2",
                "1::2:",
                "12345::",
                "g::",
                "+1::",
                "-1::",
                "1 ::",
                "fe80::1%eth0",
                "[::1]",
                "1.2.3.4",
                "::1.2.3",
                "::1.2.3.256",
                "::1.2.3.4:1",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::01.2.3.4",
                "1:2:3:4:5:1.2.3.4",
                "::ffff:1.2.3.4/96",
                "::١"
            })
    void refusesWhatIsNoIp6(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpText.parseIp6(text));
    }

    @Conforms({"MAD-4", "MAD-7"})
    @Test
    void everyIp6ComesBackFromItsText() {
        Random random = new Random(6);
        byte[] address = new byte[16];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(address);
            for (int group = 0; group < 8; group++) {
                if (random.nextInt(3) > 0) {
                    address[2 * group] = 0;
                    address[2 * group + 1] = 0;
                }
            }
            String text = IpText.formatIp6(address);

            assertThat(IpText.parseIp6(text)).as(text).isEqualTo(address);
        }
    }
}
