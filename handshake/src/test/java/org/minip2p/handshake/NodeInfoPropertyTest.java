package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.minip2p.core.testing.Conforms;

class NodeInfoPropertyTest {
    /** Every character but half ones, which no UTF-8 can carry. */
    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .withCharRange('\ue000', '\uffff')
                .ofMaxLength(60);
    }

    private static Arbitrary<Metadata> metadata() {
        Arbitrary<String> subnets =
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(Metadata.SUBNETS_LENGTH);
        return Combinators.combine(texts(), texts(), texts(), subnets).as(Metadata::new);
    }

    @Provide
    Arbitrary<NodeInfo> infos() {
        return Combinators.combine(texts(), metadata().optional()).as((id, more) -> new NodeInfo("0x" + id, more));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Conforms({"NIF-3", "NIF-4", "NIF-7", "NIF-8", "NIF-12", "NIF-14"})
    void readsWhatItWrote(@ForAll("infos") NodeInfo info) throws InvalidNodeInfoException {
        assertThat(NodeInfo.decode(info.encode())).isEqualTo(info);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Conforms("NIF-10")
    void refusesWhateverIsCut(@ForAll("infos") NodeInfo info, @ForAll @IntRange(max = 1_000_000) int at) {
        byte[] whole = info.encode();

        assertThatThrownBy(() -> NodeInfo.decode(Arrays.copyOf(whole, at % whole.length)))
                .isInstanceOf(InvalidNodeInfoException.class);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @Conforms("NIF-13")
    void showsNoCharacterThatATerminalWouldObey(@ForAll("infos") NodeInfo info) {
        assertThat(info.toString()).hasSizeLessThan(4_000).matches("[ -~…]*");
    }

    @Property
    @Conforms("NIF-11")
    void countsSubnetsFromTheLowestBitOfEachByte(
            @ForAll @Size(Metadata.SUBNETS / 8) byte[] set, @ForAll @IntRange(max = Metadata.SUBNETS - 1) int subnet) {
        Metadata metadata = new Metadata("", "", "", HexFormat.of().formatHex(set));

        assertThat(metadata.hasSubnet(subnet)).isEqualTo((set[subnet / 8] >> subnet % 8 & 1) != 0);
    }

    @Property
    @Conforms("NIF-5")
    void refusesANetworkIdWithout0x(@ForAll String id) {
        String json = "{\"Entries\":[\"\",\"1" + id.replaceAll("[^a-zA-Z0-9]", "") + "\"]}";

        assertThatThrownBy(() -> NodeInfo.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        InvalidNodeInfoException.class,
                        refusal -> assertThat(refusal.reason())
                                .isEqualTo(InvalidNodeInfoException.Reason.INVALID_NETWORK_ID));
    }
}
