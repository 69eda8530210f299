package org.minip2p.core;

import java.io.ByteArrayOutputStream;

/**
 * Encodes groups of bits as characters, without padding: base16 and base32 of RFC 4648, and base64 with its alphabet for URLs and
 * with that of I2P. Upper and lower case are two different forms here, as they are in multibase.
 */
final class BitText {
    static final BitText BASE16 = new BitText("0123456789abcdef", 4);
    static final BitText BASE16_UPPER = new BitText("0123456789ABCDEF", 4);
    static final BitText BASE32 = new BitText("abcdefghijklmnopqrstuvwxyz234567", 5);
    static final BitText BASE64_URL =
            new BitText("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6);
    static final BitText BASE64_I2P =
            new BitText("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~", 6);
    static final BitText BASE32_UPPER = new BitText("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);

    private final String alphabet;
    private final int bitsPerCharacter;

    private BitText(String alphabet, int bitsPerCharacter) {
        this.alphabet = alphabet;
        this.bitsPerCharacter = bitsPerCharacter;
    }

    String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte next : bytes) {
            held = held << Byte.SIZE | (next & 0xff);
            bits += Byte.SIZE;
            while (bits >= bitsPerCharacter) {
                bits -= bitsPerCharacter;
                text.append(alphabet.charAt(held >>> bits & mask(bitsPerCharacter)));
            }
            held &= mask(bits);
        }
        if (bits > 0) {
            text.append(alphabet.charAt(held << (bitsPerCharacter - bits)));
        }
        return text.toString();
    }

    /**
     * Reads characters.
     *
     * @throws IllegalArgumentException when a character is not in the alphabet, one is left over, or pad bits are not zero
     *     (RFC 4648, 3.5)
     */
    byte[] decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int held = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = alphabet.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException(
                        "no digit of base " + alphabet.length() + ": " + Printable.of(text.substring(i, i + 1)));
            }
            held = held << bitsPerCharacter | digit;
            bits += bitsPerCharacter;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                bytes.write(held >>> bits);
                held &= mask(bits);
            }
        }
        if (bits >= bitsPerCharacter || held != 0) {
            throw new IllegalArgumentException(
                    "base " + alphabet.length() + " ends with " + bits + " bits that are no byte");
        }
        return bytes.toByteArray();
    }

    private static int mask(int bits) {
        return (1 << bits) - 1;
    }
}
