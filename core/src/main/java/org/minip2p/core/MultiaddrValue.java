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
    /** Two bytes, big endian. */
    PORT(2) {
        private static final int MAX_PORT = 0xffff;

        @Override
        byte[] encode(String text) {
            int port = text.isEmpty() ? -1 : 0;
            for (int i = 0; i < text.length() && port >= 0 && port <= MAX_PORT; i++) {
                char c = text.charAt(i);
                port = c < '0' || c > '9' ? -1 : 10 * port + (c - '0');
            }
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + Printable.of(text));
            }
            return new byte[] {(byte) (port >>> Byte.SIZE), (byte) port};
        }

        @Override
        String decode(byte[] bytes) {
            return Integer.toString((bytes[0] & 0xff) << Byte.SIZE | (bytes[1] & 0xff));
        }
    },
    /** A name in UTF-8: not empty, without a slash. */
    NAME(-1) {
        @Override
        byte[] encode(String text) {
            checkName(text);
            try {
                ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                byte[] bytes = new byte[encoded.remaining()];
                encoded.get(bytes);
                return bytes;
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("a name is Unicode text: " + Printable.of(text), e);
            }
        }

        @Override
        String decode(byte[] bytes) {
            try {
                String name = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                checkName(name);
                return name;
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("a name of " + bytes.length + " bytes is not UTF-8", e);
            }
        }

        private void checkName(String name) {
            if (name.isEmpty() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("a name is not empty and has no slash: " + Printable.of(name));
            }
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

    /** Whether a length stands before the value. */
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
     * @throws IllegalArgumentException when it is no value of this kind
     */
    abstract byte[] encode(String text);

    /**
     * To canonical text.
     *
     * @param bytes of the fixed size, if there is one
     * @throws IllegalArgumentException when they are no value of this kind
     */
    abstract String decode(byte[] bytes);
}
