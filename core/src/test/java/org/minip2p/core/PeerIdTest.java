package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class PeerIdTest {
    private static final String SHA256_HEAD = "1220";

    static List<Vectors> keys() {
        return KeyTestData.keys();
    }

    static List<Vectors> textForms() {
        return KeyTestData.PEER_IDS.list("text_forms");
    }

    static List<Vectors> invalidText() {
        return KeyTestData.PEER_IDS.list("invalid_text");
    }

    static List<Vectors> invalidBytes() {
        return KeyTestData.PEER_IDS.list("invalid_peer_id_bytes");
    }

    @Conforms({"PID-34", "PID-35", "PID-36", "PID-44", "PID-47"})
    @ParameterizedTest
    @MethodSource("keys")
    void isMadeOfTheKeyMessage(Vectors vector) throws InvalidKeyException {
        PeerId id = PeerId.of(PublicKey.decode(vector.hex("public_key_protobuf")));

        assertThat(id.bytes()).isEqualTo(vector.hex("peer_id_bytes"));
        assertThat(id).hasToString(vector.text("peer_id_base58"));
        assertThat(id.toCid()).isEqualTo(vector.text("peer_id_cid_base32"));
    }

    @Conforms({"PID-43", "PID-53"})
    @ParameterizedTest
    @MethodSource("keys")
    void isTheSameInEveryForm(Vectors vector) throws InvalidKeyException, InvalidPeerIdException {
        PeerId id = PeerId.of(PublicKey.decode(vector.hex("public_key_protobuf")));

        assertThat(PeerId.decode(vector.hex("peer_id_bytes"))).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(PeerId.parse(vector.text("peer_id_base58"))).isEqualTo(id);
        assertThat(PeerId.parse(vector.text("peer_id_cid_base32"))).isEqualTo(id);
        assertThat(PeerId.parse(vector.text("peer_id_cid_base36"))).isEqualTo(id);
    }

    @Conforms({"PID-36", "PID-41"})
    @ParameterizedTest
    @MethodSource("keys")
    void givesItsKeyBackWhenItHoldsIt(Vectors vector) throws InvalidKeyException, InvalidPeerIdException {
        PublicKey key = PublicKey.decode(vector.hex("public_key_protobuf"));
        PeerId id = PeerId.decode(vector.hex("peer_id_bytes"));

        if (vector.text("peer_id_multihash").equals("identity")) {
            assertThat(id.publicKey()).contains(key);
            assertThat(id.publicKey()).contains(key);
            assertThat(PeerId.of(key).publicKey()).contains(key);
        } else {
            assertThat(id.publicKey()).isEmpty();
            assertThat(PeerId.of(key).publicKey()).isEmpty();
        }
    }

    @Conforms({"PID-43", "PID-45", "PID-48", "PID-49", "PID-53"})
    @ParameterizedTest
    @MethodSource("textForms")
    void readsEveryTextFormOfTheVectors(Vectors vector) {
        for (String text : vector.texts("texts")) {
            PeerId id = PeerId.parse(text);

            assertThat(id.bytes()).as(text).isEqualTo(vector.hex("peer_id_bytes"));
            assertThat(id).as(text).hasToString(vector.text("canonical"));
        }
    }

    @Conforms({"PID-37", "PID-38", "PID-39", "PID-46", "PID-51"})
    @ParameterizedTest
    @MethodSource("invalidText")
    void refusesEveryInvalidText(Vectors vector) {
        assertThatIllegalArgumentException()
                .as(vector.text("reason"))
                .isThrownBy(() -> PeerId.parse(vector.text("text")));
    }

    // A prefix alone, the other case, a pad bit, white space, a trailing byte
    @Conforms({"PID-45", "PID-48", "PID-51", "PID-52"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "b",
                "f",
                "k",
                "z",
                "Qm",
                " QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N ",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5NN",
                "zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
                "bAFZBEIE5745RPV2M6TJYUUGYWY4D5EWRQGQQHFNF445HE3OMZPJBX5XQXE",
                "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxf",
                "f017212209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b900",
                "f0172",
                "f01",
                "f817212209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9"
            })
    void refusesTextThatIsAlmostAnId(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PeerId.parse(text));
    }

    // The work of base58 grows with the square of the length.
    @Test
    void refusesLongTextWithoutReadingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerId.parse("1".repeat(10_000_000)))
                .withMessageContaining("10000000");
    }

    @Test
    void readsTheLongestText() throws InvalidPeerIdException {
        PeerId longest = PeerId.decode(Hex.bytes("002a" + "ab".repeat(42)));
        String text = "f0172" + Hex.text(longest.bytes());

        assertThat(text).hasSize(93);
        assertThat(PeerId.parse(text)).isEqualTo(longest);
    }

    @Conforms({"PID-33", "PID-37", "PID-38", "PID-39"})
    @ParameterizedTest
    @MethodSource("invalidBytes")
    void refusesEveryInvalidMultihash(Vectors vector) {
        assertThatExceptionOfType(InvalidPeerIdException.class)
                .as(vector.text("reason"))
                .isThrownBy(() -> PeerId.decode(vector.hex("hex")));
    }

    // A byte after the end, a length past the end, a code that is not minimal or never ends
    @Conforms({"PID-33", "VAR-11"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "000100ff",
                "0003aabb",
                "9200",
                "8000",
                "ffffffffffffffffff",
                "12",
                "1200",
                "1180",
                "00ffffffffffffffff7f"
            })
    void refusesWhatIsNoWholeMultihash(String hex) {
        assertThatExceptionOfType(InvalidPeerIdException.class).isThrownBy(() -> PeerId.decode(Hex.bytes(hex)));
    }

    @Conforms("PID-38")
    @Test
    void refusesADigestWithATrailingByte() {
        byte[] longer = Hex.bytes(SHA256_HEAD + "00".repeat(33));

        assertThatExceptionOfType(InvalidPeerIdException.class).isThrownBy(() -> PeerId.decode(longer));
    }

    // Keys that are not canonical, have a bad point, or are of another type, and junk. All are inlined in the id.
    @Conforms("PID-40")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "12201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e0801",
                "080112200000000000000000000000000000000000000000000000000000000000000000",
                "080412201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
                "ff",
                ""
            })
    void keepsAnOpaqueIdThatNeverYieldsAKey(String digest) throws InvalidPeerIdException {
        byte[] multihash = Bytes.concat(new byte[] {0, (byte) (digest.length() / 2)}, Hex.bytes(digest));

        PeerId id = PeerId.decode(multihash);

        assertThat(id.bytes()).isEqualTo(multihash);
        assertThat(id.publicKey()).isEmpty();
        assertThat(PeerId.parse(id.toString())).isEqualTo(id);
    }

    // The limit and one byte more
    @Conforms("PID-39")
    @Test
    void takesAnIdentityOf42BytesAndRefuses43() throws InvalidPeerIdException {
        byte[] atLimit = Hex.bytes("002a" + "01".repeat(42));

        assertThat(PeerId.decode(atLimit).bytes()).isEqualTo(atLimit);
        assertThatExceptionOfType(InvalidPeerIdException.class)
                .isThrownBy(() -> PeerId.decode(Hex.bytes("002b" + "01".repeat(43))));
    }

    // The id of a key does not depend on the form in which the key was received
    @Conforms({"PID-5", "PID-22"})
    @ParameterizedTest
    @EnumSource(KeyType.class)
    void isTheIdOfTheKeyHoweverItIsMade(KeyType type) throws InvalidKeyException, InvalidPeerIdException {
        PublicKey key = PrivateKey.generate(type).publicKey();
        PeerId id = PeerId.of(key);

        assertThat(PeerId.of(PublicKey.decode(key.encoded()))).isEqualTo(id);
        assertThat(PeerId.decode(id.bytes())).isEqualTo(id);
        assertThat(PeerId.parse(id.toString())).isEqualTo(id);
        assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
    }

    @Conforms("PID-42")
    @Test
    void isOrderedByItsBytesWithoutSign() throws InvalidPeerIdException {
        PeerId inlined = PeerId.decode(Hex.bytes("0001ff"));
        PeerId low = PeerId.decode(Hex.bytes(SHA256_HEAD + "01".repeat(32)));
        PeerId middle = PeerId.decode(Hex.bytes(SHA256_HEAD + "7f".repeat(32)));
        PeerId high = PeerId.decode(Hex.bytes(SHA256_HEAD + "80".repeat(32)));
        List<PeerId> ids = new ArrayList<>(List.of(high, low, inlined, middle));

        Collections.sort(ids);

        assertThat(ids).containsExactly(inlined, low, middle, high);
        assertThat(low).isEqualByComparingTo(PeerId.decode(low.bytes()));
    }

    @Conforms("PID-42")
    @Test
    void isAKeyOfMapsByItsBytes() {
        Vectors forms = textForms().get(0);
        Map<PeerId, String> byId = new HashMap<>();

        forms.texts("texts").forEach(text -> byId.put(PeerId.parse(text), text));

        assertThat(byId).hasSize(1);
        PeerId other = PeerId.parse(textForms().get(1).text("canonical"));
        assertThat(PeerId.parse(forms.text("canonical"))).isNotEqualTo(other).doesNotHaveSameHashCodeAs(other);
    }

    @Test
    void givesAwayCopiesOfItsBytes() throws InvalidPeerIdException {
        byte[] bytes = Hex.bytes(SHA256_HEAD + "01".repeat(32));
        PeerId id = PeerId.decode(bytes);

        bytes[5] = 9;
        id.bytes()[6] = 9;

        assertThat(id.bytes()).isEqualTo(Hex.bytes(SHA256_HEAD + "01".repeat(32)));
    }

    @Test
    void comesBackFromEachOfItsForms() throws InvalidPeerIdException {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            boolean hashed = random.nextBoolean();
            byte[] digest = new byte[hashed ? 32 : random.nextInt(43)];
            random.nextBytes(digest);
            PeerId id =
                    PeerId.decode(Bytes.concat(new byte[] {(byte) (hashed ? 0x12 : 0), (byte) digest.length}, digest));
            byte[] cid = Bytes.concat(new byte[] {1, 0x72}, id.bytes());

            assertThat(PeerId.decode(id.bytes())).isEqualTo(id);
            assertThat(PeerId.parse(id.toString())).isEqualTo(id);
            assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
            assertThat(PeerId.parse("f" + Hex.text(cid))).isEqualTo(id);
            assertThat(PeerId.parse("k" + new BigInteger(1, cid).toString(36))).isEqualTo(id);
        }
    }
}
