package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.testing.Generator.ascii;
import static org.minip2p.core.testing.Generator.bytes;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;
import org.minip2p.noise.pb.NoiseHandshakePayload;

class HandshakePayloadPropertyTest {
    private static final int TRIES = 100;
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);

    @Test
    @Conforms({"NOI-37", "NOI-60"})
    void readsTheMuxersThatItWrote() {
        Property.holds(TRIES, draw -> {
            List<String> muxers =
                    draw.of("muxers", ascii(0, 30).map(name -> "/" + name).list(0, 100));

            HandshakePayload read =
                    HandshakePayload.decode(HandshakePayload.encode(new byte[] {1}, new byte[] {2}, muxers));

            assertThat(read.muxers()).isEqualTo(muxers);
        });
    }

    /** Our own parser and the generated one read the same message. */
    @Test
    @Conforms("NOI-37")
    void isTheMessageOfTheSchema() {
        Property.holds(TRIES, draw -> {
            byte[] key = draw.of("key", bytes(1, 255));
            byte[] signature = draw.of("signature", bytes(1, 255));
            byte[] encoded = HandshakePayload.encode(key, signature, List.of("/yamux/1.0.0"));

            NoiseHandshakePayload parsed = NoiseHandshakePayload.parseFrom(encoded);

            assertThat(parsed.getIdentityKey().toByteArray()).isEqualTo(key);
            assertThat(parsed.getIdentitySig().toByteArray()).isEqualTo(signature);
            assertThat(parsed.getExtensions().getStreamMuxersList()).containsExactly("/yamux/1.0.0");
            assertThat(HandshakePayload.decode(encoded).muxers()).containsExactly("/yamux/1.0.0");
        });
    }

    @Test
    @Conforms({"NOI-41", "NOI-42"})
    void vouchesForOneStaticKeyAlone() {
        Property.holds(TRIES, draw -> {
            byte[] staticKey = draw.of("static key", bytes(32));
            byte[] other = draw.of("other", bytes(32));
            byte[] signature = KEY.sign(HandshakePayload.signedBytes(staticKey));
            HandshakePayload payload = HandshakePayload.decode(
                    HandshakePayload.encode(KEY.publicKey().encoded(), signature, List.of()));

            assertThat(payload.verify(staticKey)).isEqualTo(KEY.publicKey());
            if (!Arrays.equals(staticKey, other)) {
                assertThatThrownBy(() -> payload.verify(other)).isInstanceOf(RemoteIdentityException.class);
            }
        });
    }
}
