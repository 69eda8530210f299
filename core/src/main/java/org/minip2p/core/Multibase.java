package org.minip2p.core;

/**
 * Text whose first character says how its bytes are encoded. Only the bases of peer ids are known (PID-48, PID-49).
 *
 * @see <a href="https://github.com/multiformats/multibase">multiformats/multibase</a>
 */
final class Multibase {
    private Multibase() {}

    /** Base32 in lower case without padding, the form in which CIDs are written. */
    static String encodeBase32(byte[] bytes) {
        return "b" + BitText.BASE32.encode(bytes);
    }

    /**
     * Reads any of the known bases.
     *
     * @throws IllegalArgumentException when the prefix is missing or unknown, or a character is not in its base
     */
    static byte[] decode(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("multibase text is empty");
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b' -> BitText.BASE32.decode(digits);
            case 'B' -> BitText.BASE32_UPPER.decode(digits);
            case 'f' -> BitText.BASE16.decode(digits);
            case 'F' -> BitText.BASE16_UPPER.decode(digits);
            case 'k' -> NumberText.BASE36.decode(digits);
            case 'z' -> NumberText.BASE58.decode(digits);
            default ->
                throw new IllegalArgumentException(
                        "multibase prefixes read are b, B, f, F, k and z, not " + Printable.of(text.substring(0, 1)));
        };
    }
}
