package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.text;
import static org.minip2p.core.testing.Generator.textOf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

class NodeInfoPropertyTest {
    private static final String LETTERS_AND_DIGITS = "0123456789xXabcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ";
    private static final Generator<String> TEXTS = text(0, 60);
    private static final Generator<String> SUBNETS =
            textOf("0123456789abcdef", Metadata.SUBNETS_LENGTH, Metadata.SUBNETS_LENGTH);
    private static final Generator<Metadata> METADATA = choices ->
            new Metadata(TEXTS.from(choices), TEXTS.from(choices), TEXTS.from(choices), SUBNETS.from(choices));
    private static final Generator<NodeInfo> INFOS = choices ->
            new NodeInfo("0x" + TEXTS.from(choices), METADATA.optional().from(choices));

    @Test
    @Conforms({"NIF-3", "NIF-4", "NIF-7", "NIF-8", "NIF-12", "NIF-14"})
    void readsWhatItWrote() {
        Property.holds(draw -> {
            NodeInfo info = draw.of("info", INFOS);

            assertThat(NodeInfo.decode(info.encode())).isEqualTo(info);
        });
    }

    @Test
    @Conforms("NIF-10")
    void refusesWhateverIsCut() {
        Property.holds(draw -> {
            byte[] whole = draw.of("info", INFOS).encode();
            byte[] cut = Arrays.copyOf(whole, draw.of("bytes left", integers(0, whole.length - 1)));

            assertThatThrownBy(() -> NodeInfo.decode(cut)).isInstanceOf(InvalidNodeInfoException.class);
        });
    }

    @Test
    @Conforms("NIF-13")
    void showsNoCharacterThatATerminalWouldObey() {
        Property.holds(draw -> {
            NodeInfo info = draw.of("info", INFOS);

            assertThat(info.toString()).hasSizeLessThan(4_000).matches("[ -~…]*");
        });
    }

    @Test
    @Conforms("NIF-11")
    void countsSubnetsFromTheLowestBitOfEachByte() {
        Property.holds(draw -> {
            byte[] set = draw.of("set", bytes(Metadata.SUBNETS / 8));
            int subnet = draw.of("subnet", integers(0, Metadata.SUBNETS - 1));
            Metadata metadata = new Metadata("", "", "", HexFormat.of().formatHex(set));

            assertThat(metadata.hasSubnet(subnet)).isEqualTo((set[subnet / 8] >> subnet % 8 & 1) != 0);
        });
    }

    @Test
    @Conforms("NIF-5")
    void refusesANetworkIdWithout0x() {
        Property.holds(draw -> {
            String id = draw.of("id", textOf(LETTERS_AND_DIGITS, 0, 255));
            String json = "{\"Entries\":[\"\",\"1" + id + "\"]}";

            assertThatThrownBy(() -> NodeInfo.decode(json.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            InvalidNodeInfoException.class,
                            refusal -> assertThat(refusal.reason())
                                    .isEqualTo(InvalidNodeInfoException.Reason.INVALID_NETWORK_ID));
        });
    }
}
