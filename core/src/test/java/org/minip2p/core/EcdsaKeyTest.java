package org.minip2p.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

class EcdsaKeyTest {
    /** The start of a SubjectPublicKeyInfo for P-256, up to the point. */
    private static final String P256_HEAD = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

    private static final String POINT = "04de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e"
            + "8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62";

    // Keys and signatures made with openssl 3.0.19: ecparam, ec and dgst -sha256
    @Conforms("PID-31")
    @ParameterizedTest
    @CsvSource({
        // P-224
        "3068020101041c25d3477434447a2c3beb5575069a1b8c89d389bdd865934270a4caa6a00706052b81040021a13c033a0004d069f98e"
                + "e923514cfae3903ed319c65648e9f96944f276263a98bb1d5632eee1ee737784c60e217e9c8a37353a1b7b73cdb741703a6fcf"
                + "9a,"
                + "304e301006072a8648ce3d020106052b81040021033a0004d069f98ee923514cfae3903ed319c65648e9f96944f276263a98bb"
                + "1d5632eee1ee737784c60e217e9c8a37353a1b7b73cdb741703a6fcf9a,"
                + "303c021c4a0a07dad3ab5f94ef561e5c7ddbb9e892f1b855161c9a5ca5bc8744021c41a66f70970bb299b5b90e2caad1cc8d09"
                + "e9b8644adc91bcf9298ad8",
        // P-384
        "3081a402010104306d659b5f08555bb4c5ee8afc18d45c9b4c94165aa0b2349667dc95192974140d14785b3edec9a0a7e72b8682b561"
                + "cb42a00706052b81040022a16403620004d072b9bd5453d9587f969f5b9cebb9b0acc8bb2d969176cd9399f00a1e50b7a6a704"
                + "365c5e96ae0af42e4f8607726c7c4251956d3ee62de84f5405ef1834b35e0fa0ac98dafc2d2ca9a6dfd9bc3f0f7679ac1c207b"
                + "b9bc2befbfc8887491fb8d,"
                + "3076301006072a8648ce3d020106052b8104002203620004d072b9bd5453d9587f969f5b9cebb9b0acc8bb2d969176cd9399f0"
                + "0a1e50b7a6a704365c5e96ae0af42e4f8607726c7c4251956d3ee62de84f5405ef1834b35e0fa0ac98dafc2d2ca9a6dfd9bc3f"
                + "0f7679ac1c207bb9bc2befbfc8887491fb8d,"
                + "306402302f2a25b80332b98309e43fe826f20d7a98184ad678d90d42c592262bf317857c3b0b66826ae9bf4dd7234e02cd2edc"
                + "6b02302c943c3a185343742da504ab7a3f55695edd682a37e4d71f6dbb51d30d25f2cd644d312ee9ce6b48937bdb027641ea28",
        // P-521
        "3081dc0201010442019fa44ede21566c00629ce70797ff239a1740eae5dcd69a98f410f54bb1b9631b345da8d91fbe80e7b110708bcf"
                + "505af3176bf8e50ed704c02897ff9a23c7aafc1ca00706052b81040023a18189038186000401877e9f1b021b602731a5f6d563"
                + "69cbb7194bbf1e629b7f5d91da3cf8de86f59d89fe42e617373a2a008796c0728cc6596d28408263ba184e8287a156a5a2a2d4"
                + "4400d6ae0d9096233bd87d6b7ee13fa86752d6a259a344ad9a4058bf065676b05ff2cfddf5179766cd443bc0b5278c302f6f59"
                + "33fa31821773345a990306b43806e541,"
                + "30819b301006072a8648ce3d020106052b81040023038186000401877e9f1b021b602731a5f6d56369cbb7194bbf1e629b7f5d"
                + "91da3cf8de86f59d89fe42e617373a2a008796c0728cc6596d28408263ba184e8287a156a5a2a2d44400d6ae0d9096233bd87d"
                + "6b7ee13fa86752d6a259a344ad9a4058bf065676b05ff2cfddf5179766cd443bc0b5278c302f6f5933fa31821773345a990306"
                + "b43806e541,"
                + "308188024201b70f6c5d7bc060f710db2b0e9daa4943110f71bd278c4cdc58d9fdc996f4ac915deb36a0bffadc996dcb9a17f3"
                + "5da64d8ea56f0711a7ff9a145bdd42d4bab1fee0024201cca7ff41fb54fa93dc90eb7b3958a12a42982c1f057d900fe45d957a"
                + "69117718f6334533afeb07deaa29a177e4714df64138910a668e0a69cb70ad0c3012bcf8e5"
    })
    void readsTheKeysOfOpenssl(String privateInfo, String publicInfo, String signature) throws InvalidKeyException {
        byte[] message = "minip2p".getBytes(UTF_8);
        byte[] privateMessage = KeyTestData.message(KeyType.ECDSA, Hex.bytes(privateInfo));

        PrivateKey privateKey = PrivateKey.decode(privateMessage);
        PublicKey publicKey = PublicKey.decode(KeyTestData.message(KeyType.ECDSA, Hex.bytes(publicInfo)));

        assertThat(privateKey.encoded()).isEqualTo(privateMessage);
        assertThat(privateKey.publicKey()).isEqualTo(publicKey);
        assertThat(publicKey.verify(message, Hex.bytes(signature))).isTrue();
        assertThat(publicKey.verify(message, privateKey.sign(message))).isTrue();
        assertThat(publicKey.verify(new byte[1], Hex.bytes(signature))).isFalse();
    }

    @Conforms("PID-31")
    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void agreesWithTheJdk(String curve) throws GeneralSecurityException, InvalidKeyException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        KeyPair pair = generator.generateKeyPair();
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(KeyTestData.FIXTURE_MESSAGE);

        PublicKey key = PublicKey.decode(
                KeyTestData.message(KeyType.ECDSA, pair.getPublic().getEncoded()));

        assertThat(key.data()).isEqualTo(pair.getPublic().getEncoded());
        assertThat(key.verify(KeyTestData.FIXTURE_MESSAGE, signer.sign())).isTrue();
    }

    // RFC 6979, A.2.5, SHA-256 of "sample"
    @Test
    void makesTheSignatureOfRfc6979() throws InvalidKeyException {
        PrivateKey key = PrivateKey.decode(KeyTestData.message(
                KeyType.ECDSA,
                Hex.bytes("30770201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
                        + "a00a06082a8648ce3d030107a144034200"
                        + "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")));
        BigInteger r = new BigInteger("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716", 16);
        BigInteger s = new BigInteger("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", 16);

        assertThat(key.sign("sample".getBytes(UTF_8)))
                .isEqualTo(Der.element(Der.SEQUENCE, Der.integer(r), Der.integer(s)));
    }

    // A key has one valid encoding. These are a compressed point, another curve, explicit or no parameters, unused
    // bits, a long form of a length, and an extra byte.
    @Conforms({"PID-7", "PID-31"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "3039301306072a8648ce3d020106082a8648ce3d03010703220002"
                        + "de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e",
                "3059301306072a8648ce3d020106082a8648ce3d030106034200" + POINT,
                "3056301006072a8648ce3d020106052b8104000a034200" + POINT,
                "304d300906072a8648ce3d0201034200" + POINT,
                "3059301306072a8648ce3d020106082a8648ce3d030107034201" + POINT,
                "308159301306072a8648ce3d020106082a8648ce3d030107034200" + POINT,
                P256_HEAD + POINT + "00",
                POINT,
                "3000"
            })
    void refusesEveryOtherEncodingOfAPublicKey(String data) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ECDSA, Hex.bytes(data))));
    }

    @Test
    void refusesAPointThatIsNotOnTheCurve() throws InvalidKeyException {
        byte[] good = Hex.bytes(P256_HEAD + POINT);
        byte[] off = KeyTestData.flip(good, 8 * good.length - 1);

        PublicKey.decode(KeyTestData.message(KeyType.ECDSA, good));

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PublicKey.decode(KeyTestData.message(KeyType.ECDSA, off)));
    }

    @Test
    void refusesAPrivateKeyWithAnotherPublicHalfOrNone() {
        String good = "30770201010420" + "3e5b1fe9712e6c314942a750bd67485de3c1efe85b1bfb520ae8f9ae3dfa4a4c"
                + "a00a06082a8648ce3d030107a144034200" + POINT;
        byte[] other = KeyTestData.flip(Hex.bytes(good), 8 * good.length() / 2 - 1);
        byte[] none = Hex.bytes("30310201010420" + "3e5b1fe9712e6c314942a750bd67485de3c1efe85b1bfb520ae8f9ae3dfa4a4c"
                + "a00a06082a8648ce3d030107");

        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.ECDSA, other)));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> PrivateKey.decode(KeyTestData.message(KeyType.ECDSA, none)));
    }

    // ECDSA has no rule for s. The fixture of go has it in the upper half.
    @Test
    void takesSignaturesWithHighS() throws InvalidKeyException {
        byte[] signature =
                KeyTestData.key("go-fixture-ecdsa").list("signatures").get(0).hex("signature");

        assertThat(KeyTestData.publicKey("go-fixture-ecdsa").verify(KeyTestData.FIXTURE_MESSAGE, signature))
                .isTrue();
    }
}
