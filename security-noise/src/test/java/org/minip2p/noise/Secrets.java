package org.minip2p.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/**
 * The secrets of a handshake, to search for them in the heap when they should be gone. The crypto of this object is the
 * real one, and it records the secrets that it sees. The records are masked, so that the search does not find them.
 *
 * <p>Key pairs are made by an agreement with the base point, since BouncyCastle's own method leaves copies of the
 * private key behind.
 */
public final class Secrets {
    private static final byte[] BASE_POINT = Arrays.copyOf(new byte[] {9}, X25519.KEY_BYTES);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte MASK = 0x5a;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final String owner;
    private final NoiseCrypto crypto;
    private final List<byte[]> privateKeys = new ArrayList<>();
    private final List<byte[]> agreed = new ArrayList<>();
    private final List<byte[]> cipherKeys = new ArrayList<>();
    private final Map<String, byte[]> named = new LinkedHashMap<>();

    /**
     * Records the secrets that occur while {@link #crypto} is used.
     *
     * @param owner the owner of the secrets, for the message of a failure
     * @param real the crypto that does the work
     */
    public Secrets(String owner, NoiseCrypto real) {
        this.owner = owner;
        X25519 x25519 = new X25519() {
            @Override
            public KeyPair generate() {
                byte[] privateKey = new byte[KEY_BYTES];
                RANDOM.nextBytes(privateKey);
                return keyPair(privateKey);
            }

            @Override
            public KeyPair keyPair(byte[] privateKey) {
                privateKeys.add(masked(privateKey));
                byte[] publicKey = new byte[KEY_BYTES];
                real.x25519().agree(privateKey, BASE_POINT, publicKey);
                return new KeyPair(privateKey, publicKey);
            }

            @Override
            public boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret) {
                boolean isSecret = real.x25519().agree(privateKey, publicKey, secret);
                if (isSecret) {
                    agreed.add(masked(secret));
                }
                return isSecret;
            }
        };
        crypto = NoiseCrypto.of("writing secrets down", x25519, key -> {
            cipherKeys.add(masked(key));
            return real.aead(key);
        });
    }

    /** The crypto that records the secrets. */
    public NoiseCrypto crypto() {
        return crypto;
    }

    private static byte[] masked(byte[] secret) {
        byte[] masked = new byte[secret.length];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = (byte) (secret[i] ^ MASK);
        }
        return masked;
    }

    /** The names of the secrets that are in the heap, and of values there that were derived directly from a secret. */
    public static List<String> find(HeapDump heap, List<Secrets> all) {
        Map<String, byte[]> named = new LinkedHashMap<>();
        for (Secrets secrets : all) {
            secrets.nameAll();
            named.putAll(secrets.named);
        }
        Set<byte[]> found = heap.find(List.copyOf(named.values()));
        return named.entrySet().stream()
                .filter(secret -> found.contains(secret.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void nameAll() {
        name("private key", privateKeys.stream().map(Secrets::masked).toList());
        name("shared secret", agreed.stream().map(Secrets::masked).toList());
        name("cipher key", cipherKeys.stream().map(Secrets::masked).toList());
        name(
                "cipher key in words",
                cipherKeys.stream().map(Secrets::masked).map(Secrets::inWords).toList());
        nameDerived();
    }

    private void name(String kind, List<byte[]> secrets) {
        for (int i = 0; i < secrets.size(); i++) {
            named.put(owner + ": " + kind + " " + i, secrets.get(i));
        }
    }

    /**
     * Names the chaining keys and the intermediate values of HKDF. They are derived again, by the definition of Noise,
     * section 4.3.
     */
    private void nameDerived() {
        byte[] chainingKey = HandshakeState.PROTOCOL_NAME.getBytes(StandardCharsets.US_ASCII);
        List<byte[]> inputs =
                new ArrayList<>(agreed.stream().map(Secrets::masked).toList());
        if (!inputs.isEmpty()) {
            inputs.add(new byte[0]); // the input of Split
        }
        List<byte[]> chainingKeys = new ArrayList<>();
        List<byte[]> temporaryKeys = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        for (byte[] input : inputs) {
            byte[] temporaryKey = hmac(chainingKey, input);
            chainingKey = hmac(temporaryKey, new byte[] {1});
            byte[] firstAndTwo = Arrays.copyOf(chainingKey, chainingKey.length + 1);
            firstAndTwo[chainingKey.length] = 2;
            temporaryKeys.add(temporaryKey);
            chainingKeys.add(chainingKey);
            keys.add(hmac(temporaryKey, firstAndTwo));
        }
        name("chaining key", chainingKeys);
        name("second output of HKDF", keys);
        name("temporary key", temporaryKeys);
        for (byte pad : new byte[] {INNER_PAD, OUTER_PAD}) {
            name("chaining key with pad " + pad, padded(chainingKeys, pad));
            name("temporary key with pad " + pad, padded(temporaryKeys, pad));
        }
    }

    /**
     * A key as in the state of ChaCha20: words of 32 bits, read as little endian, which a heap dump writes as big
     * endian.
     */
    private static byte[] inWords(byte[] key) {
        ByteBuffer words = ByteBuffer.allocate(key.length);
        for (int at = 0; at < key.length; at += Integer.BYTES) {
            words.putInt(ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(at));
        }
        return words.array();
    }

    private static List<byte[]> padded(List<byte[]> keys, byte pad) {
        List<byte[]> all = new ArrayList<>();
        for (byte[] key : keys) {
            byte[] padded = key.clone();
            for (int i = 0; i < padded.length; i++) {
                padded[i] ^= pad;
            }
            all.add(padded);
        }
        return all;
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
