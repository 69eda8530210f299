package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.pb.NoiseHandshakePayload;

class HandshakePayloadPropertyTest {
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);

    @Property(tries = 100)
    @Conforms({"NOI-37", "NOI-60"})
    void readsTheMuxersThatItWrote(@ForAll @Size(max = 100) List<@StringLength(max = 30) String> names)
            throws Exception {
        List<String> muxers = names.stream().map(name -> "/" + ascii(name)).toList();

        HandshakePayload read =
                HandshakePayload.decode(HandshakePayload.encode(new byte[] {1}, new byte[] {2}, muxers));

        assertThat(read.muxers()).isEqualTo(muxers);
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "x");
    }

    /** Read by hand and by the generated parser, it is the same message. */
    @Property(tries = 100)
    @Conforms("NOI-37")
    void isTheMessageOfTheSchema(@ForAll @NotEmpty byte[] key, @ForAll @NotEmpty byte[] signature) throws Exception {
        byte[] encoded = HandshakePayload.encode(key, signature, List.of("/yamux/1.0.0"));

        NoiseHandshakePayload parsed = NoiseHandshakePayload.parseFrom(encoded);

        assertThat(parsed.getIdentityKey().toByteArray()).isEqualTo(key);
        assertThat(parsed.getIdentitySig().toByteArray()).isEqualTo(signature);
        assertThat(parsed.getExtensions().getStreamMuxersList()).containsExactly("/yamux/1.0.0");
        assertThat(HandshakePayload.decode(encoded).muxers()).containsExactly("/yamux/1.0.0");
    }

    @Property(tries = 100)
    @Conforms({"NOI-41", "NOI-42"})
    void vouchesForOneStaticKeyAlone(@ForAll @Size(32) byte[] staticKey, @ForAll @Size(32) byte[] other)
            throws Exception {
        byte[] signature = KEY.sign(HandshakePayload.signedBytes(staticKey));
        HandshakePayload payload =
                HandshakePayload.decode(HandshakePayload.encode(KEY.publicKey().encoded(), signature, List.of()));

        assertThat(payload.verify(staticKey)).isEqualTo(KEY.publicKey());
        if (!java.util.Arrays.equals(staticKey, other)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> payload.verify(other))
                    .isInstanceOf(RemoteIdentityException.class);
        }
    }
}
