package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.text;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;

class SignedEnvelopePropertyTest {
    private static final int TRIES = 100;
    private static final byte[] TYPE = {1, 2, 3};
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);

    @Test
    @Conforms({"ENV-3", "ENV-8", "ENV-11", "ENV-17"})
    void opensWhatItHasSealed() {
        Property.holds(TRIES, draw -> {
            String domain = draw.of("domain", text(1, 255));
            byte[] type = draw.of("type", bytes(1, 64));
            byte[] payload = draw.of("payload", bytes());
            byte[] sealed = SignedEnvelope.seal(KEY, domain, type, payload);

            SignedEnvelope opened = SignedEnvelope.open(sealed, domain, type);

            assertThat(opened.payload()).isEqualTo(payload);
            assertThat(opened.encoded()).isEqualTo(sealed);
            assertThat(opened.signerId()).isEqualTo(PeerId.of(KEY.publicKey()));
        });
    }

    @Test
    @Conforms("ENV-7")
    void refusesAnyChangeOfOneBit() {
        Property.holds(TRIES, draw -> {
            byte[] changed = SignedEnvelope.seal(KEY, "domain", TYPE, draw.of("payload", bytes()));
            int bit = draw.of("changed bit", integers(0, 8 * changed.length - 1));
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThatThrownBy(() -> SignedEnvelope.open(changed, "domain", TYPE))
                    .isInstanceOf(InvalidEnvelopeException.class);
        });
    }

    @Test
    @Conforms({"ENV-1", "ENV-10"})
    void refusesWhateverIsCut() {
        Property.holds(TRIES, draw -> {
            byte[] sealed = SignedEnvelope.seal(KEY, "domain", TYPE, draw.of("payload", bytes()));
            byte[] cut = Arrays.copyOf(sealed, draw.of("bytes left", integers(0, sealed.length - 1)));

            assertThatThrownBy(() -> SignedEnvelope.open(cut, "domain", TYPE))
                    .isInstanceOf(InvalidEnvelopeException.class);
        });
    }

    /** Otherwise a signature for one triple would be valid for another one. */
    @Test
    @Conforms({"ENV-3", "ENV-4", "ENV-5"})
    void signsOtherBytesForAnyOtherDomainTypeOrPayload() {
        Property.holds(500, draw -> {
            String domain = draw.of("domain", text(0, 255));
            byte[] type = draw.of("type", bytes());
            byte[] payload = draw.of("payload", bytes());
            int at = draw.of("bytes moved", integers(0, 20));
            byte[] joined = SignedEnvelope.signedBytes(domain, type, payload);
            int moved = Math.min(at, payload.length);
            byte[] longer = Arrays.copyOf(type, type.length + moved);
            System.arraycopy(payload, 0, longer, type.length, moved);
            byte[] rest = Arrays.copyOfRange(payload, moved, payload.length);

            assertThat(Arrays.equals(SignedEnvelope.signedBytes(domain, longer, rest), joined))
                    .isEqualTo(moved == 0);
        });
    }
}
