package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class HkdfTest {
    /** Compared with the definition in Noise, section 4.3, computed with the JDK's HMAC. */
    @Conforms("NOI-9")
    @Test
    void derivesAsDefinedWithAnyInput() throws Exception {
        Random random = new Random(3);
        Hkdf hkdf = new Hkdf();
        for (int size : new int[] {0, 1, 32, 64, 65, 200}) {
            byte[] salt = new byte[32];
            byte[] input = new byte[size];
            random.nextBytes(salt);
            random.nextBytes(input);
            byte[] temporary = mac(salt, input, new byte[0]);
            byte[] expectedFirst = mac(temporary, new byte[] {1}, new byte[0]);
            byte[] expectedSecond = mac(temporary, expectedFirst, new byte[] {2});

            byte[] second = new byte[32];
            hkdf.derive(salt, input, salt, second);

            assertThat(salt).isEqualTo(expectedFirst);
            assertThat(second).isEqualTo(expectedSecond);
        }
    }

    private static byte[] mac(byte[] key, byte[] data, byte[] more) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update(data);
        return mac.doFinal(more);
    }
}
