package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.oneOf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

class PeerIdPropertyTest {
    private static final Generator<PeerId> PEER_IDS =
            oneOf(bytes(32).map(digest -> multihash(0x12, digest)), bytes(0, 42).map(digest -> multihash(0, digest)));

    private static PeerId multihash(int code, byte[] digest) {
        try {
            return PeerId.decode(Bytes.concat(new byte[] {(byte) code, (byte) digest.length}, digest));
        } catch (InvalidPeerIdException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Conforms({"PID-33", "PID-43", "PID-46", "PID-48", "PID-49", "PID-50", "PID-53"})
    void comesBackFromEachOfItsForms() {
        Property.holds(draw -> {
            PeerId id = draw.of("id", PEER_IDS);
            byte[] cid = Bytes.concat(new byte[] {1, 0x72}, id.bytes());

            assertThat(PeerId.decode(id.bytes())).isEqualTo(id).hasSameHashCodeAs(id);
            assertThat(PeerId.parse(id.toString())).isEqualTo(id);
            assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
            assertThat(PeerId.parse(id.toCid().toUpperCase(Locale.ROOT))).isEqualTo(id);
            assertThat(PeerId.parse("f" + Hex.text(cid))).isEqualTo(id);
            assertThat(PeerId.parse("k" + NumberText.BASE36.encode(cid))).isEqualTo(id);
            assertThat(PeerId.parse("z" + NumberText.BASE58.encode(cid))).isEqualTo(id);
        });
    }

    @Test
    @Conforms("PID-42")
    void isOrderedByItsUnsignedBytes() {
        Property.holds(draw -> {
            PeerId one = draw.of("one", PEER_IDS);
            PeerId other = draw.of("other", PEER_IDS);

            int order = one.compareTo(other);

            assertThat(Integer.signum(order))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.bytes(), other.bytes())))
                    .isEqualTo(-Integer.signum(other.compareTo(one)));
            assertThat(order == 0).isEqualTo(one.equals(other));
        });
    }

    @Test
    void textInEveryBaseComesBack() {
        Property.holds(draw -> {
            byte[] bytes = draw.of("bytes", bytes());

            assertThat(NumberText.BASE58.decode(NumberText.BASE58.encode(bytes)))
                    .isEqualTo(bytes);
            assertThat(NumberText.BASE36.decode(NumberText.BASE36.encode(bytes)))
                    .isEqualTo(bytes);
            for (BitText base : List.of(BitText.BASE32, BitText.BASE32_UPPER, BitText.BASE16, BitText.BASE16_UPPER)) {
                assertThat(base.decode(base.encode(bytes))).isEqualTo(bytes);
            }
        });
    }
}
