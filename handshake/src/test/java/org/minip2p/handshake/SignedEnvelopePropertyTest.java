package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;

class SignedEnvelopePropertyTest {
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Conforms({"ENV-3", "ENV-8", "ENV-11", "ENV-17"})
    void opensWhatItHasSealed(
            @ForAll @NotEmpty String domain, @ForAll @Size(min = 1, max = 64) byte[] type, @ForAll byte[] payload)
            throws InvalidEnvelopeException {
        byte[] sealed = SignedEnvelope.seal(KEY, domain, type, payload);

        SignedEnvelope opened = SignedEnvelope.open(sealed, domain, type);

        assertThat(opened.payload()).isEqualTo(payload);
        assertThat(opened.encoded()).isEqualTo(sealed);
        assertThat(opened.signerId()).isEqualTo(PeerId.of(KEY.publicKey()));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Conforms("ENV-7")
    void refusesAnyChangeOfOneBit(@ForAll byte[] payload, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] type = {1, 2, 3};
        byte[] changed = SignedEnvelope.seal(KEY, "domain", type, payload);
        int bit = at % (8 * changed.length);
        changed[bit / 8] ^= (byte) (1 << bit % 8);

        assertThatThrownBy(() -> SignedEnvelope.open(changed, "domain", type))
                .isInstanceOf(InvalidEnvelopeException.class);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Conforms({"ENV-1", "ENV-10"})
    void refusesWhateverIsCut(@ForAll byte[] payload, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] type = {1, 2, 3};
        byte[] sealed = SignedEnvelope.seal(KEY, "domain", type, payload);
        byte[] cut = Arrays.copyOf(sealed, at % sealed.length);

        assertThatThrownBy(() -> SignedEnvelope.open(cut, "domain", type)).isInstanceOf(InvalidEnvelopeException.class);
    }

    /** Otherwise a signature for one triple would be one for another. */
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    @Conforms({"ENV-3", "ENV-4", "ENV-5"})
    void signsOtherBytesForAnyOtherDomainTypeOrPayload(
            @ForAll String domain, @ForAll byte[] type, @ForAll byte[] payload, @ForAll @IntRange(max = 20) int at) {
        byte[] joined = SignedEnvelope.signedBytes(domain, type, payload);
        int moved = Math.min(at, payload.length);
        byte[] longer = Arrays.copyOf(type, type.length + moved);
        System.arraycopy(payload, 0, longer, type.length, moved);
        byte[] rest = Arrays.copyOfRange(payload, moved, payload.length);

        assertThat(Arrays.equals(SignedEnvelope.signedBytes(domain, longer, rest), joined))
                .isEqualTo(moved == 0);
    }
}
