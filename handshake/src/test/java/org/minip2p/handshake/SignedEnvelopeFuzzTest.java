package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.PeerId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/** Any bytes are either an envelope that its signer has signed, or refused with the declared exception. */
class SignedEnvelopeFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            SignedEnvelope envelope = SignedEnvelope.open(input, NodeInfoCheck.DOMAIN, NodeInfoCheck.payloadType());
            assertThat(input.length).isLessThanOrEqualTo(SignedEnvelope.MAX_BYTES);
            assertThat(envelope.encoded()).isEqualTo(input);
            assertThat(envelope.signerId()).isEqualTo(PeerId.of(envelope.signer()));
            return true;
        } catch (InvalidEnvelopeException refusal) {
            assertThat(refusal.getMessage()).matches("[ -~]*");
            return false;
        }
    }

    @TestFactory
    @Conforms({"ENV-1", "ENV-7", "ENV-10", "ENV-12", "ENV-14", "ENV-17"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(SignedEnvelopeFuzzTest.class, SignedEnvelopeFuzzTest::accepts);
    }
}
