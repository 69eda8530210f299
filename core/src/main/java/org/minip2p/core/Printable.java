package org.minip2p.core;

/** Makes text from a peer safe to log or show: cuts it and escapes control characters. */
public final class Printable {
    /** The most characters kept of a peer's text. */
    public static final int MAX_CHARACTERS = 128;

    private Printable() {}

    /**
     * The text, cut and escaped.
     *
     * @param text anything a peer sent
     * @return the first {@value #MAX_CHARACTERS} characters with every character that is not printable ASCII written as
     *     {@code \\uXXXX}, and {@code …} if something was cut
     */
    public static String of(CharSequence text) {
        int kept = Math.min(text.length(), MAX_CHARACTERS);
        StringBuilder out = new StringBuilder();
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

    /**
     * {@return the whole text, in any script, with control characters for a terminal or a log written as {@code \\uXXXX}}
     *
     * @param text anything; returned unchanged when nothing must be escaped
     */
    public static String safe(String text) {
        if (isSafe(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isSafe(c)) {
                out.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    out.append(String.format("\\u%04x", (int) half));
                }
            }
        });
        return out.toString();
    }

    /**
     * {@return whether text is safe for a terminal or a log: without control characters, line ends, marks that reorder or hide text, and
     * unpaired surrogates}
     *
     * @param text the text, from anyone
     */
    public static boolean isSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                return text.codePoints().allMatch(Printable::isSafe);
            }
        }
        return true;
    }

    private static boolean isSafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    /**
     * {@return the message of a failure, {@linkplain #safe safe to show}; its type if it has none} Never null or empty.
     *
     * @param failure the failure
     */
    public static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : safe(message);
    }
}
