package org.minip2p.core.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes values for a {@link Property} from {@link Choices}. The same choices always make the same value, so a generator
 * has no state. The choice 0 makes the simplest value, and failing examples shrink towards it.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface Generator<T> {
    /** How often {@link #filter} draws before it gives up the try. */
    int FILTER_DRAWS = 100;

    /** Makes the next value. */
    T from(Choices choices);

    /** A generator of the results of a function. */
    default <U> Generator<U> map(Function<? super T, ? extends U> function) {
        return choices -> function.apply(from(choices));
    }

    /** Only the values that fit. If few do, it is better to generate values that fit. */
    default Generator<T> filter(Predicate<? super T> fits) {
        return choices -> {
            for (int i = 0; i < FILTER_DRAWS; i++) {
                T value = from(choices);
                if (fits.test(value)) {
                    return value;
                }
            }
            throw new Discarded();
        };
    }

    /** A value or none. */
    default Generator<Optional<T>> optional() {
        return choices -> choices.next(3) == 0 ? Optional.empty() : Optional.of(from(choices));
    }

    /** Lists of values. */
    default Generator<List<T>> list(int min, int max) {
        return choices -> {
            List<T> values = new ArrayList<>();
            choices.repeat(min, max, () -> values.add(from(choices)));
            return values;
        };
    }

    /** Sets of at most this many values. */
    default Generator<Set<T>> set(int max) {
        return list(0, max).map(LinkedHashSet::new);
    }

    /** Always the same value. */
    static <T> Generator<T> just(T value) {
        return choices -> value;
    }

    /** One of some values, the simplest first. */
    @SafeVarargs
    static <T> Generator<T> of(T... values) {
        return choices -> values[(int) choices.next(values.length - 1)];
    }

    /**
     * Values of one of several generators, the simplest first. A generator that is given twice is used twice as often.
     */
    @SafeVarargs
    static <T> Generator<T> oneOf(Generator<? extends T>... generators) {
        return choices -> generators[(int) choices.next(generators.length - 1)].from(choices);
    }

    /** True or false. False is simpler. */
    static Generator<Boolean> booleans() {
        return of(false, true);
    }

    /** Numbers from min to max; the nearer to 0, the simpler. */
    static Generator<Integer> integers(int min, int max) {
        return longs(min, max).map(Long::intValue);
    }

    /** All numbers of 32 bits. */
    static Generator<Integer> integers() {
        return integers(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Numbers from min to max; the nearer to 0, the simpler. */
    static Generator<Long> longs(long min, long max) {
        Zigzag order = new Zigzag(min, max);
        long[] boundaries = {order.choice(min), order.choice(max)};
        return choices -> order.number(choices.next(max - min, boundaries));
    }

    /** All numbers of 64 bits. */
    static Generator<Long> longs() {
        return longs(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Arrays of min to max bytes. */
    static Generator<byte[]> bytes(int min, int max) {
        return choices -> {
            byte[] bytes = new byte[max];
            int[] filled = {0};
            choices.repeat(min, max, () -> bytes[filled[0]++] = (byte) choices.next(0xff, 0x7f, 0x80));
            return Arrays.copyOf(bytes, filled[0]);
        };
    }

    /** Arrays of exactly this many bytes. */
    static Generator<byte[]> bytes(int count) {
        return bytes(count, count);
    }

    /** Arrays of up to 255 bytes. */
    static Generator<byte[]> bytes() {
        return bytes(0, 255);
    }

    /**
     * Unicode text of min to max characters. A character may take two {@code char}s. There are no unpaired surrogates.
     */
    static Generator<String> text(int min, int max) {
        return text(min, max, codePoint -> true);
    }

    /** As {@link #text(int, int)}, with only the characters that fit. Most of them must fit. */
    static Generator<String> text(int min, int max, Predicate<Integer> fits) {
        Generator<Integer> codePoints = unicode().filter(fits);
        return choices -> {
            StringBuilder text = new StringBuilder();
            choices.repeat(min, max, () -> text.appendCodePoint(codePoints.from(choices)));
            return text.toString();
        };
    }

    /** Text of min to max of the given characters. The first one is the simplest. */
    static Generator<String> textOf(String characters, int min, int max) {
        return choices -> {
            StringBuilder text = new StringBuilder();
            choices.repeat(min, max, () -> text.append(characters.charAt((int) choices.next(characters.length() - 1))));
            return text.toString();
        };
    }

    /** Text of min to max printable ASCII characters. */
    static Generator<String> ascii(int min, int max) {
        Generator<Integer> characters = integers('0', '0' + 0x5e).map(c -> c <= '~' ? c : c - 0x5f);
        return choices -> {
            StringBuilder text = new StringBuilder();
            choices.repeat(min, max, () -> text.appendCodePoint(characters.from(choices)));
            return text.toString();
        };
    }

    /** All characters of Unicode as code points, '0' the simplest, ASCII simpler than others. */
    private static Generator<Integer> unicode() {
        int surrogates = Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1;
        int max = Character.MAX_CODE_POINT - surrogates;
        return choices -> {
            // Boundaries in UTF-8: the last character of one byte, the first and last of two, three and four bytes.
            int number = (int) choices.next(max, 0x4f, 0x80, 0x7ff, 0x800, 0xffff - surrogates, 0x10000 - surrogates);
            if (number < 0x80) {
                return (number + '0') & 0x7f;
            }
            return number < Character.MIN_SURROGATE ? number : number + surrogates;
        };
    }
}
