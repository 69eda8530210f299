package org.minip2p.handshake;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

/** The record: its JSON, its limits, and the records that other nodes write. */
class NodeInfoTest {
    private static final Vectors VECTORS = Vectors.load("signed-envelope");
    private static final String ALL_SUBNETS = "ffffffffffffffffffffffffffffffff";
    private static final String NO_SUBNETS = "00000000000000000000000000000000";
    private static final String METADATA =
            "\"{\\\"NodeVersion\\\":\\\"v1\\\",\\\"ExecutionNode\\\":\\\"e\\\",\\\"ConsensusNode\\\":\\\"c\\\",\\\"Subnets\\\":\\\""
                    + NO_SUBNETS + "\\\"}\"";

    static List<Vectors> envelopes() {
        return VECTORS.list("envelopes");
    }

    static List<Vectors> records() {
        return VECTORS.list("record_payloads");
    }

    private static NodeInfo decode(String json) throws InvalidNodeInfoException {
        return NodeInfo.decode(json.getBytes(UTF_8));
    }

    private static void assertRefused(String json) {
        assertThatThrownBy(() -> decode(json)).as(json).isInstanceOf(InvalidNodeInfoException.class);
    }

    // An id with 0x twice is a text like any other.
    @Conforms({"NIF-3", "NIF-5", "NIF-6", "NIF-7"})
    @ParameterizedTest
    @MethodSource("envelopes")
    void readsAndWritesWhatOthersWrite(Vectors vector) throws Exception {
        NodeInfo info = NodeInfo.decode(vector.hex("payload_hex"));

        assertThat(info.networkId()).isEqualTo(vector.text("network_id"));
        Metadata metadata = info.metadata().orElseThrow();
        Vectors expected = vector.object("metadata");
        assertThat(metadata.nodeVersion()).isEqualTo(expected.text("NodeVersion"));
        assertThat(metadata.executionNode()).isEqualTo(expected.text("ExecutionNode"));
        assertThat(metadata.consensusNode()).isEqualTo(expected.text("ConsensusNode"));
        assertThat(metadata.subnets()).isEqualTo(expected.text("Subnets"));
        assertThat(info.encode()).isEqualTo(vector.hex("payload_hex"));
    }

    // One record of the vectors has a network id without 0x; see below.
    @Conforms({"NIF-4", "NIF-8", "NIF-9", "NIF-10", "NIF-11"})
    @ParameterizedTest
    @MethodSource("records")
    void acceptsAndRefusesTheRecordsOfTheVectors(Vectors vector) throws Exception {
        String payload = vector.text("payload").replace("testnet", "0x00000502");

        if (vector.flag("ok")) {
            assertThat(decode(payload).networkId()).isEqualTo("0x00000502");
        } else {
            assertRefused(payload);
        }
    }

    @Conforms("NIF-5")
    @ParameterizedTest
    @ValueSource(strings = {"testnet", "00000502", "", "0X00000502", " 0x00000502"})
    void refusesANetworkIdWithout0x(String networkId) {
        assertRefused("{\"Entries\":[\"\",\"" + networkId + "\"]}");
        assertThatThrownBy(() -> NodeInfo.of(networkId)).isInstanceOf(IllegalArgumentException.class);
    }

    @Conforms("NIF-8")
    @Test
    void writesTwoEntriesWithoutMetadata() throws Exception {
        byte[] encoded = NodeInfo.of("0x00000502").encode();

        assertThat(new String(encoded, UTF_8)).isEqualTo("{\"Entries\":[\"\",\"0x00000502\"]}");
        assertThat(NodeInfo.decode(encoded)).isEqualTo(new NodeInfo("0x00000502", Optional.empty()));
    }

    /** The envelope of another implementation, rebuilt from its key and its record. */
    @Test
    @Conforms({"NIF-2", "NIF-3", "NIF-7"})
    void sealsByteForByteAsOthersDo() throws Exception {
        Vectors vector = envelopes().get(1);
        byte[] publicKey = vector.hex("public_key_protobuf");
        byte[] keyMessage = HexFormat.of()
                .parseHex("08011240" + vector.text("ed25519_seed")
                        + HexFormat.of().formatHex(publicKey, publicKey.length - 32, publicKey.length));

        byte[] sealed = NodeInfo.decode(vector.hex("payload_hex")).seal(PrivateKey.decode(keyMessage));

        assertThat(sealed).isEqualTo(vector.hex("hex"));
    }

    @Test
    void keepsTextsThatNeedEscaping() throws Exception {
        NodeInfo info = NodeInfo.of("0x\"\\\n", new Metadata("ä\"\\", "\u2028{}", "<&>\u0000", NO_SUBNETS));

        assertThat(NodeInfo.decode(info.encode())).isEqualTo(info);
    }

    @Conforms("NIF-9")
    @Test
    void ignoresWhatItDoesNotKnow() throws Exception {
        NodeInfo info = decode("{\"A\":{\"b\":[1,true,null,{}]},\"Entries\":[\"v1\",\"0x01\"," + METADATA
                + ",\"more\",\"and more\"],\"Z\":1.5e3}");

        assertThat(info).isEqualTo(NodeInfo.of("0x01", new Metadata("v1", "e", "c", NO_SUBNETS)));
    }

    @Conforms("NIF-14")
    @Test
    void readsNamesExactly() {
        assertRefused("{\"entries\":[\"\",\"0x01\"]}");
        assertRefused("{\"Entries\":[\"\",\"0x01\",\"{\\\"subnets\\\":\\\"" + NO_SUBNETS + "\\\"}\"]}");
    }

    @Test
    void textsOfMetadataMayBeMissingButNotTheSubnets() throws Exception {
        NodeInfo info = decode("{\"Entries\":[\"\",\"0x01\",\"{\\\"Subnets\\\":\\\"" + ALL_SUBNETS + "\\\"}\"]}");

        assertThat(info.metadata()).contains(new Metadata("", "", "", ALL_SUBNETS));
        assertRefused("{\"Entries\":[\"\",\"0x01\",\"{}\"]}");
    }

    @Conforms("NIF-10")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "\"Entries\"",
                "{\"Entries\":null}",
                "{\"Entries\":\"0x01\"}",
                "{\"Entries\":{\"0\":\"0x01\"}}",
                "{\"Entries\":[null,null]}",
                "{\"Entries\":[\"\",[\"0x01\"]]}",
                "{\"Entries\":[\"\",\"0x01\",\"\"]}",
                "{\"Entries\":[\"\",\"0x01\",\"[]\"]}",
                "{\"Entries\":[\"\",\"0x01\",\"null\"]}",
                "{\"Entries\":[\"\",\"0x01\",\"{\\\"NodeVersion\\\":5}\"]}",
                "{\"Entries\":[\"\",\"0x01\"]}{}",
                "{\"Entries\":[\"\",\"0x01\"]}x",
                "{'Entries':['','0x01']}",
                "{\"Entries\":[\"\",\"0x01\",]}",
                "{\"Entries\":[\"\",\"0x01\"],}",
                "/* */{\"Entries\":[\"\",\"0x01\"]}",
                "{\"Entries\":[\"\",\"0x01\n\"]}"
            })
    void refusesWhatIsNoNodeInfo(String json) {
        assertRefused(json);
    }

    @Test
    void refusesWhatIsCutAtAnyByte() {
        String valid = "{\"Entries\":[\"\",\"0x01\"," + METADATA + "]}";

        for (int length = 0; length < valid.length(); length++) {
            assertRefused(valid.substring(0, length));
        }
    }

    @Test
    void refusesOtherEncodingsThanUtf8() {
        byte[] broken = "{\"Entries\":[\"\",\"0x\u00ff\"]}".getBytes(UTF_8);
        broken[broken.length - 4] = (byte) 0xff;

        assertThatThrownBy(() -> NodeInfo.decode(broken)).isInstanceOf(InvalidNodeInfoException.class);
        assertThatThrownBy(() -> NodeInfo.decode("{\"Entries\":[\"\",\"0x01\"]}".getBytes(UTF_16)))
                .isInstanceOf(InvalidNodeInfoException.class);
    }

    // SEC-64
    @Conforms("NIF-15")
    @Test
    void refusesNestingBeyondItsDepth() throws Exception {
        String inside = "{\"Entries\":[\"\",\"0x01\"],\"A\":";

        assertThat(decode(inside + "[".repeat(7) + "]".repeat(7) + "}").networkId())
                .isEqualTo("0x01");
        assertRefused(inside + "[".repeat(8) + "]".repeat(8) + "}");
        assertRefused(inside + "[".repeat(30_000));
        assertRefused("[".repeat(60_000));
        assertRefused("{\"Entries\":[\"\",\"0x01\",\"" + "{\\\"a\\\":".repeat(1_000) + "\"]}");
    }

    // SEC-64
    @Conforms("NIF-15")
    @Test
    void refusesStringsNamesNumbersAndListsWithoutEnd() {
        assertRefused("{\"Entries\":[\"\",\"0x" + "0".repeat(10_000) + "\"]}");
        assertRefused("{\"" + "A".repeat(300) + "\":1,\"Entries\":[\"\",\"0x01\"]}");
        assertRefused("{\"A\":" + "9".repeat(100) + ",\"Entries\":[\"\",\"0x01\"]}");
        assertRefused("{\"Entries\":[\"\",\"0x01\"" + ",\"\"".repeat(2_000) + "]}");
    }

    @Conforms({"NIF-11", "NIF-12"})
    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000000000000000000000000000000", "000000000000000000000000000000000"})
    void refusesSubnetsOfAnotherLength(String subnets) {
        assertThatThrownBy(() -> new Metadata("", "", "", subnets)).isInstanceOf(IllegalArgumentException.class);
        assertRefused("{\"Entries\":[\"\",\"0x01\",\"{\\\"Subnets\\\":\\\"" + subnets + "\\\"}\"]}");
    }

    @Test
    void refusesSubnetsThatAreNotHexadecimal() {
        assertRefused("{\"Entries\":[\"\",\"0x01\",\"{\\\"Subnets\\\":\\\"g" + NO_SUBNETS.substring(1) + "\\\"}\"]}");
        assertThatThrownBy(() -> new Metadata("", "", "", "0x" + NO_SUBNETS.substring(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Subnet i is bit i mod 8, lowest first, of byte i div 8.
    @Conforms("NIF-11")
    @Test
    void countsSubnetsFromTheLowestBitOfTheFirstByte() {
        Metadata metadata = new Metadata("", "", "", "81" + NO_SUBNETS.substring(4) + "40");

        List<Integer> set = IntStream.range(0, Metadata.SUBNETS)
                .filter(metadata::hasSubnet)
                .boxed()
                .toList();

        assertThat(set).containsExactly(0, 7, 126);
        assertThatThrownBy(() -> metadata.hasSubnet(128)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> metadata.hasSubnet(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    // SEC-66
    @Conforms("NIF-13")
    @Test
    void showsThePeersTextsCutAndEscaped() {
        NodeInfo info = NodeInfo.of("0x\r\n", new Metadata("\u001b[31m", "\n", "x".repeat(5_000), NO_SUBNETS));

        assertThat(info.toString()).hasSizeLessThan(1_000).matches("[ -~…]*");
    }

    @Conforms("NIF-27")
    @Test
    void sealsWhatOthersCanReadAndNothingLonger() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        int overhead = NodeInfo.of("0x01", new Metadata("", "", "", NO_SUBNETS)).seal(key).length;
        // The length fields of the payload and the envelope may take a byte more than in the short record. So the
        // longest record has the maximum size or one byte less, and a record of two more bytes is too long.
        String longest = "v".repeat(NodeInfo.MAX_SEALED_BYTES - overhead);

        byte[] sealed =
                NodeInfo.of("0x01", new Metadata(longest, "", "", NO_SUBNETS)).seal(key);

        assertThat(sealed).hasSizeBetween(NodeInfo.MAX_SEALED_BYTES - 1, NodeInfo.MAX_SEALED_BYTES);
        assertThatThrownBy(() -> NodeInfo.of("0x01", new Metadata(longest + "vv", "", "", NO_SUBNETS))
                        .seal(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }
}
