package org.minip2p.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The kinds of values that a component of a multiaddr has, each between its text and its bytes. */
enum MultiaddrValue {
    /** No value at all. */
    NONE(0) {
        @Override
        byte[] encode(String text) {
            if (!text.isEmpty()) {
                throw new IllegalArgumentException("the component takes no value: " + Printable.of(text));
            }
            return new byte[0];
        }

        @Override
        String decode(byte[] bytes) {
            return "";
        }
    },
    /** Four bytes, four decimal octets. */
    IP4(IpText.IP4_BYTES) {
        @Override
        byte[] encode(String text) {
            return IpText.parseIp4(text);
        }

        @Override
        String decode(byte[] bytes) {
            return IpText.formatIp4(bytes);
        }
    },
    /** Sixteen bytes. A zone has a component of its own. */
    IP6(IpText.IP6_BYTES) {
        @Override
        byte[] encode(String text) {
            return IpText.parseIp6(text);
        }

        @Override
        String decode(byte[] bytes) {
            return IpText.formatIp6(bytes);
        }
    },
    /** One byte: the length of a prefix. */
    BYTE(1) {
        @Override
        byte[] encode(String text) {
            return new byte[] {(byte) number(text, 0xff, "a prefix length")};
        }

        @Override
        String decode(byte[] bytes) {
            return Integer.toString(bytes[0] & 0xff);
        }
    },
    /** Two bytes, big endian. */
    PORT(2) {
        @Override
        byte[] encode(String text) {
            int port = number(text, 0xffff, "a port");
            return new byte[] {(byte) (port >>> Byte.SIZE), (byte) port};
        }

        @Override
        String decode(byte[] bytes) {
            return Integer.toString((bytes[0] & 0xff) << Byte.SIZE | (bytes[1] & 0xff));
        }
    },
    /** Eight bytes, big endian, without sign. */
    LONG(Long.BYTES) {
        @Override
        byte[] encode(String text) {
            boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            try {
                if (plain) {
                    return ByteBuffer.allocate(Long.BYTES)
                            .putLong(Long.parseUnsignedLong(text))
                            .array();
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a number is below 2^64: " + Printable.of(text), e);
            }
            throw new IllegalArgumentException("a number has decimal digits: " + Printable.of(text));
        }

        @Override
        String decode(byte[] bytes) {
            return Long.toUnsignedString(ByteBuffer.wrap(bytes).getLong());
        }
    },
    /** A name in UTF-8: not empty, without a slash, and without control characters. */
    NAME(-1) {
        @Override
        byte[] encode(String text) {
            checkName(text);
            return utf8(text);
        }

        @Override
        String decode(byte[] bytes) {
            String name = utf8(bytes);
            checkName(name);
            return name;
        }

        private void checkName(String name) {
            if (name.isEmpty() || name.indexOf('/') >= 0 || !Printable.isSafe(name)) {
                throw new IllegalArgumentException(
                        "a name is not empty and has no slash and no control characters: " + Printable.of(name));
            }
        }
    },
    /** A path in UTF-8, which is the rest of the address: starts with a slash and does not end with one. */
    PATH(-1) {
        @Override
        byte[] encode(String text) {
            checkPath(text);
            return utf8(text);
        }

        @Override
        String decode(byte[] bytes) {
            String path = utf8(bytes);
            checkPath(path);
            return path;
        }

        private void checkPath(String path) {
            if (!path.startsWith("/") || path.endsWith("/") || !Printable.isSafe(path)) {
                throw new IllegalArgumentException(
                        "a path starts with a slash, does not end with one and has no control characters: "
                                + Printable.of(path));
            }
        }
    },
    /** Bytes that are percent-encoded in text. */
    HTTP_PATH(-1) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseHttpPath(text);
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatHttpPath(bytes);
        }
    },
    /** The multihash of a certificate. */
    CERTIFICATE_HASH(-1) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseCertificateHash(text);
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatCertificateHash(bytes);
        }
    },
    /** A Tor host of version 2, ten bytes, and a port. */
    ONION(12) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseOnion(text, fixedBytes());
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatOnion(bytes, fixedBytes());
        }
    },
    /** A Tor host of version 3, 35 bytes, and a port. */
    ONION3(37) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseOnion(text, fixedBytes());
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatOnion(bytes, fixedBytes());
        }
    },
    /** An I2P destination. */
    GARLIC64(-1) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseGarlic64(text);
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatGarlic64(bytes);
        }
    },
    /** The hash of an I2P destination, or an encrypted one. */
    GARLIC32(-1) {
        @Override
        byte[] encode(String text) {
            return OverlayText.parseGarlic32(text);
        }

        @Override
        String decode(byte[] bytes) {
            return OverlayText.formatGarlic32(bytes);
        }
    },
    /** A peer id: its multihash. */
    PEER(-1) {
        @Override
        byte[] encode(String text) {
            return PeerId.parse(text).bytes();
        }

        @Override
        String decode(byte[] bytes) {
            try {
                return PeerId.decode(bytes).toString();
            } catch (InvalidPeerIdException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    };

    private final int fixedBytes;

    MultiaddrValue(int fixedBytes) {
        this.fixedBytes = fixedBytes;
    }

    /** Whether a length precedes the value. */
    boolean hasLength() {
        return fixedBytes < 0;
    }

    /** The size of every value of a kind without length. */
    int fixedBytes() {
        return fixedBytes;
    }

    /**
     * From text, canonical or not.
     *
     * @throws IllegalArgumentException when it is not a value of this kind
     */
    abstract byte[] encode(String text);

    /**
     * To canonical text.
     *
     * @param bytes of the fixed size, if there is one
     * @throws IllegalArgumentException when they are not a value of this kind
     */
    abstract String decode(byte[] bytes);

    /** A decimal number, leading zeros allowed. */
    private static int number(String text, int max, String what) {
        int value = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length() && value >= 0 && value <= max; i++) {
            char c = text.charAt(i);
            value = c < '0' || c > '9' ? -1 : 10 * value + (c - '0');
        }
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " is 0 to " + max + ", not " + Printable.of(text));
        }
        return value;
    }

    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a name is Unicode text: " + Printable.of(text), e);
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes is not UTF-8", e);
        }
    }
}
