package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.PublicKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.core.testing.Vectors;

/** A handshake payload either proves the static key of the vectors or is refused with the declared exception. */
class HandshakePayloadFuzzTest {
    private static final Vectors VECTOR = Vectors.load("noise-xx").object("libp2p_payload");
    private static final byte[] STATIC_KEY = VECTOR.hex("noise_static_public");
    private static final byte[] IDENTITY_KEY = VECTOR.hex("identity_key");

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            HandshakePayload payload = HandshakePayload.decode(input);
            assertThat(payload.muxers().size()).isLessThanOrEqualTo(HandshakePayload.MAX_MUXERS);
            PublicKey proven = payload.verify(STATIC_KEY);
            assertThat(proven.encoded())
                    .as("only this identity has signed the static key")
                    .isEqualTo(IDENTITY_KEY);
            return true;
        } catch (RemoteIdentityException refusal) {
            return false;
        }
    }

    // SEC-22
    @TestFactory
    @Conforms({"NOI-42", "NOI-43", "NOI-47", "NOI-60"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(HandshakePayloadFuzzTest.class, HandshakePayloadFuzzTest::accepts);
    }
}
