package org.minip2p.core;

import java.util.HexFormat;

/** Bytes from hexadecimal text, for literals in tests. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String text(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
