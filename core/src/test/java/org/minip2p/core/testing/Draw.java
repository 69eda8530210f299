package org.minip2p.core.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The source of the values of one try of a {@link Property}. Confined to the thread of the test. */
public final class Draw {
    private static final int MAX_SHOWN_CHARACTERS = 2_000;

    private final Choices choices;
    private final boolean isShown;
    private final List<String> shown = new ArrayList<>();

    Draw(Choices choices, boolean isShown) {
        this.choices = choices;
        this.isShown = isShown;
    }

    /**
     * Draws the next value.
     *
     * @param name the name of the value in the message of a failure
     * @param generator makes the value
     */
    public <T> T of(String name, Generator<T> generator) {
        T value = generator.from(choices);
        if (isShown) { // at once, since the property may change the value
            String text = text(value);
            shown.add(name + " = "
                    + (text.length() > MAX_SHOWN_CHARACTERS
                            ? text.substring(0, MAX_SHOWN_CHARACTERS) + "… (" + text.length() + " characters)"
                            : text));
        }
        return value;
    }

    /** Discards this try unless its values meet a condition. The property fails if too many tries end here. */
    public void assume(boolean holds) {
        if (!holds) {
            throw new Discarded();
        }
    }

    /** The values, one per line. */
    List<String> shown() {
        return shown;
    }

    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes " + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof CharSequence text) {
            return quoted(text);
        }
        if (value instanceof Iterable<?> values) {
            List<String> texts = new ArrayList<>();
            values.forEach(each -> texts.add(text(each)));
            return texts.toString();
        }
        return value instanceof Object[] values ? text(Arrays.asList(values)) : String.valueOf(value);
    }

    private static String quoted(CharSequence text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars()
                .forEach(c -> out.append(
                        c >= ' ' && c < 0x7f && c != '"' && c != '\\'
                                ? String.valueOf((char) c)
                                : String.format("\\u%04x", c)));
        return out.append('"').toString();
    }
}
