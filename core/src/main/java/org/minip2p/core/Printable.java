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
     * The whole text, in any script, with what a terminal or a log would obey written as {@code \\uXXXX}.
     *
     * @param text anything; returned as it is when nothing of it is to be escaped
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
     * Whether text holds nothing that a terminal or a log would obey: no control characters, line ends, marks that turn or hide what
     * follows, nor halves of characters.
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

    /** What a failure says, {@linkplain #safe fit to be shown}; its kind where it says nothing. Never null or empty. */
    public static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : safe(message);
    }
}
