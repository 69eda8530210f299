package org.minip2p.core;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Converts values of address components that our connections do not use between text and bytes. They are read only to be
 * passed on.
 */
final class OverlayText {
    private static final int PORT_BYTES = 2;

    /** The minimum of an I2P destination: no real one is shorter. */
    private static final int MIN_GARLIC64_BYTES = 386;

    private static final int GARLIC32_HASH_BYTES = 32;

    /** An encrypted one has a checksum and flags beside its key. */
    private static final int MIN_GARLIC32_BYTES = 35;

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static final String HEX = "0123456789ABCDEF";

    private OverlayText() {}

    /**
     * Reads {@code host:port}, the host in base32.
     *
     * @param bytes of host and port together
     */
    static byte[] parseOnion(String text, int bytes) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("an onion address is host:port, not " + Printable.of(text));
        }
        String host = text.substring(0, colon);
        byte[] key = (isUpperCase(host) ? BitText.BASE32_UPPER : BitText.BASE32).decode(host);
        byte[] onion = Bytes.concat(key, MultiaddrValue.PORT.encode(text.substring(colon + 1)));
        checkOnion(onion, bytes);
        return onion;
    }

    static String formatOnion(byte[] onion, int bytes) {
        checkOnion(onion, bytes);
        int port = onion.length - PORT_BYTES;
        return BitText.BASE32.encode(Arrays.copyOf(onion, port)) + ":"
                + MultiaddrValue.PORT.decode(Arrays.copyOfRange(onion, port, onion.length));
    }

    private static void checkOnion(byte[] onion, int bytes) {
        if (onion.length != bytes) {
            throw new IllegalArgumentException(
                    "an onion host has " + (bytes - PORT_BYTES) + " bytes, not " + (onion.length - PORT_BYTES));
        }
        if (onion[bytes - 1] == 0 && onion[bytes - 2] == 0) {
            throw new IllegalArgumentException("an onion port is 1 to 65535, not 0");
        }
    }

    private static boolean isUpperCase(String text) {
        return text.chars().noneMatch(c -> c >= 'a' && c <= 'z');
    }

    /** Reads the base64 of I2P, which is padded. */
    static byte[] parseGarlic64(String text) {
        String digits = text.replaceAll("={1,2}$", "");
        byte[] destination = BitText.BASE64_I2P.decode(digits);
        checkGarlic64(destination);
        return destination;
    }

    static String formatGarlic64(byte[] destination) {
        checkGarlic64(destination);
        String digits = BitText.BASE64_I2P.encode(destination);
        return digits + "=".repeat((4 - digits.length() % 4) % 4);
    }

    private static void checkGarlic64(byte[] destination) {
        if (destination.length < MIN_GARLIC64_BYTES) {
            throw new IllegalArgumentException(
                    "an I2P destination has at least " + MIN_GARLIC64_BYTES + " bytes, not " + destination.length);
        }
    }

    static byte[] parseGarlic32(String text) {
        byte[] address = BitText.BASE32.decode(text);
        checkGarlic32(address);
        return address;
    }

    static String formatGarlic32(byte[] address) {
        checkGarlic32(address);
        return BitText.BASE32.encode(address);
    }

    private static void checkGarlic32(byte[] address) {
        if (address.length != GARLIC32_HASH_BYTES && address.length < MIN_GARLIC32_BYTES) {
            throw new IllegalArgumentException("an I2P address has 32 bytes, or 35 and more, not " + address.length);
        }
    }

    /** Reads the multihash of a certificate in any base that is known here, base64 for URLs first of all. */
    static byte[] parseCertificateHash(String text) {
        byte[] multihash = text.startsWith("u") ? BitText.BASE64_URL.decode(text.substring(1)) : Multibase.decode(text);
        checkMultihash(multihash);
        return multihash;
    }

    static String formatCertificateHash(byte[] multihash) {
        checkMultihash(multihash);
        return "u" + BitText.BASE64_URL.encode(multihash);
    }

    private static void checkMultihash(byte[] multihash) {
        ByteBuffer in = ByteBuffer.wrap(multihash);
        try {
            Varint.decode(in);
            long length = Varint.decode(in);
            if (length != in.remaining()) {
                throw new IllegalArgumentException(
                        "a multihash of length " + length + " is followed by " + in.remaining() + " bytes");
            }
        } catch (VarintException e) {
            throw new IllegalArgumentException("a certificate's hash is a multihash: " + e.getMessage(), e);
        }
    }

    /** Reads percent-encoded bytes, at least one. */
    static byte[] parseHttpPath(String text) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        byte[] given = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < given.length; i++) {
            if (given[i] != '%') {
                path.write(given[i]);
                continue;
            }
            boolean isCut = i + 2 >= given.length;
            int high = isCut ? -1 : Character.digit(given[i + 1], 16);
            int low = isCut ? -1 : Character.digit(given[i + 2], 16);
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("% stands before two hexadecimal digits: " + Printable.of(text));
            }
            path.write(high << 4 | low);
            i += 2;
        }
        checkNotEmpty(path.size());
        return path.toByteArray();
    }

    static String formatHttpPath(byte[] path) {
        checkNotEmpty(path.length);
        StringBuilder text = new StringBuilder();
        for (byte next : path) {
            if (UNRESERVED.indexOf(next) >= 0) {
                text.append((char) next);
            } else {
                text.append('%').append(HEX.charAt(next >> 4 & 0xf)).append(HEX.charAt(next & 0xf));
            }
        }
        return text.toString();
    }

    private static void checkNotEmpty(int length) {
        if (length == 0) {
            throw new IllegalArgumentException("an HTTP path is not empty");
        }
    }
}
