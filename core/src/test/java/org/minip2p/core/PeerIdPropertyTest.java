package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.minip2p.core.testing.Conforms;

class PeerIdPropertyTest {
    @Provide
    Arbitrary<PeerId> peerIds() {
        Arbitrary<byte[]> hashed = Arbitraries.bytes().array(byte[].class).ofSize(32);
        Arbitrary<byte[]> inlined = Arbitraries.bytes().array(byte[].class).ofMaxSize(42);
        return Arbitraries.oneOf(
                hashed.map(digest -> multihash(0x12, digest)), inlined.map(digest -> multihash(0, digest)));
    }

    private static PeerId multihash(int code, byte[] digest) {
        try {
            return PeerId.decode(Bytes.concat(new byte[] {(byte) code, (byte) digest.length}, digest));
        } catch (InvalidPeerIdException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 200)
    @Conforms({"PID-33", "PID-43", "PID-46", "PID-48", "PID-49", "PID-50", "PID-53"})
    void comesBackFromEachOfItsForms(@ForAll("peerIds") PeerId id) throws InvalidPeerIdException {
        byte[] cid = Bytes.concat(new byte[] {1, 0x72}, id.bytes());

        assertThat(PeerId.decode(id.bytes())).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(PeerId.parse(id.toString())).isEqualTo(id);
        assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
        assertThat(PeerId.parse(id.toCid().toUpperCase(java.util.Locale.ROOT))).isEqualTo(id);
        assertThat(PeerId.parse("f" + Hex.text(cid))).isEqualTo(id);
        assertThat(PeerId.parse("k" + NumberText.BASE36.encode(cid))).isEqualTo(id);
        assertThat(PeerId.parse("z" + NumberText.BASE58.encode(cid))).isEqualTo(id);
    }

    @Property(tries = 200)
    @Conforms("PID-42")
    void isOrderedByItsUnsignedBytes(@ForAll("peerIds") PeerId one, @ForAll("peerIds") PeerId other) {
        int order = one.compareTo(other);

        assertThat(Integer.signum(order))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.bytes(), other.bytes())))
                .isEqualTo(-Integer.signum(other.compareTo(one)));
        assertThat(order == 0).isEqualTo(one.equals(other));
    }

    @Property(tries = 200)
    void textInEveryBaseComesBack(@ForAll byte[] bytes) {
        assertThat(NumberText.BASE58.decode(NumberText.BASE58.encode(bytes))).isEqualTo(bytes);
        assertThat(NumberText.BASE36.decode(NumberText.BASE36.encode(bytes))).isEqualTo(bytes);
        assertThat(BitText.BASE32.decode(BitText.BASE32.encode(bytes))).isEqualTo(bytes);
        assertThat(BitText.BASE32_UPPER.decode(BitText.BASE32_UPPER.encode(bytes)))
                .isEqualTo(bytes);
        assertThat(BitText.BASE16.decode(BitText.BASE16.encode(bytes))).isEqualTo(bytes);
        assertThat(BitText.BASE16_UPPER.decode(BitText.BASE16_UPPER.encode(bytes)))
                .isEqualTo(bytes);
    }
}
