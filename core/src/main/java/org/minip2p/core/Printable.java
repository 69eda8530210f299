package org.minip2p.core;

/** Makes text that came from a peer fit to be logged or shown: cut, and without control characters. */
public final class Printable {
    /** The most characters kept of a peer's text. */
    public static final int MAX_CHARACTERS = 128;

    private Printable() {}

    /**
     * The text, cut and escaped.
     *
     * @param text anything a peer sent
     * @return the first {@value #MAX_CHARACTERS} characters with every character that is not printable ASCII written as
     *     {@code \\uXXXX}, and {@code …} where something was cut
     */
    public static String of(CharSequence text) {
        int kept = Math.min(text.length(), MAX_CHARACTERS);
        StringBuilder out = new StringBuilder(kept + 8);
        for (int i = 0; i < kept; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return kept < text.length() ? out.append('…').toString() : out.toString();
    }
}
