package org.minip2p.core.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What one try of a {@link Property} draws its values from. Confined to the thread of the test. */
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
     * The next value.
     *
     * @param name what a failure calls it
     * @param generator what makes it
     */
    public <T> T of(String name, Generator<T> generator) {
        T value = generator.from(choices);
        if (isShown) { // at once, since the property may change what it gets
            String text = text(value);
            shown.add(name + " = "
                    + (text.length() > MAX_SHOWN_CHARACTERS
                            ? text.substring(0, MAX_SHOWN_CHARACTERS) + "… (" + text.length() + " characters)"
                            : text));
        }
        return value;
    }

    /** Gives up this try unless something holds of its values. The property fails when most tries end here. */
    public void assume(boolean holds) {
        if (!holds) {
            throw new Discarded();
        }
    }

    /** The values, a line each. */
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
