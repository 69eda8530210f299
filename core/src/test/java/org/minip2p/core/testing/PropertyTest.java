package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.minip2p.core.testing.Generator.booleans;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.longs;
import static org.minip2p.core.testing.Generator.oneOf;
import static org.minip2p.core.testing.Generator.text;
import static org.minip2p.core.testing.Generator.textOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool that runs the properties finds faults, simplifies them, and can repeat them. */
class PropertyTest {
    private static final int SHRINKS = 20_000;
    private static final Generator<Integer> AGES = integers(0, 1_000_000);

    private static Property.Settings settings(long seed) {
        return new Property.Settings(seed, 1_000, SHRINKS);
    }

    private static AssertionError failure(Property.Settings settings, Property.Body body) {
        AssertionError failure = catchThrowableOfType(AssertionError.class, () -> Property.holds(settings, body));
        assertThat(failure).as("the fault was found").isNotNull();
        return failure;
    }

    private static long reportedSeed(AssertionError failure) {
        Matcher seed = Pattern.compile("-Dproperty.seed=(\\d+)").matcher(failure.getMessage());
        assertThat(seed.find()).isTrue();
        return Long.parseLong(seed.group(1));
    }

    @Test
    void runsEveryTryOfAPropertyThatHolds() {
        AtomicInteger runs = new AtomicInteger();

        Property.holds(new Property.Settings(1, 123, SHRINKS), draw -> runs.incrementAndGet());

        assertThat(runs).as("the random tries, and the simplest one").hasValue(124);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheSmallestNumberThatFails(long seed) {
        AssertionError failure = failure(settings(seed), draw -> {
            int age = draw.of("age", AGES);

            assertThat(age).isLessThan(4_321);
        });

        assertThat(failure).hasMessageContaining("age = 4321\n");
        assertThat(failure).hasCauseInstanceOf(AssertionError.class);
        assertThat(failure.getCause()).hasMessageContaining("4321");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cutsAListDownToTheElementsThatMatter(long seed) {
        AssertionError failure = failure(settings(seed), draw -> {
            List<Integer> values = draw.of("values", AGES.list(0, 200));

            assertThat(values.stream().filter(value -> value > 1_000).count()).isLessThan(2);
        });

        assertThat(failure).hasMessageContaining("values = [1001, 1001]\n");
    }

    @Test
    void cutsElementsOutOfListsInsideLists() {
        AssertionError failure = failure(settings(7), draw -> {
            List<List<Boolean>> values =
                    draw.of("values", booleans().list(0, 20).list(0, 20));

            assertThat(values.stream().flatMap(List::stream).filter(value -> value))
                    .isEmpty();
        });

        assertThat(failure).hasMessageContaining("values = [[true]]\n");
    }

    @Test
    void leavesAListAsLongAsItHasToBe() {
        AssertionError failure = failure(settings(7), draw -> {
            List<Integer> values = draw.of("values", AGES.list(3, 50));

            assertThat(values).hasSizeGreaterThan(50);
        });

        assertThat(failure).hasMessageContaining("values = [0, 0, 0]\n");
    }

    @Test
    void shrinksBytesAndText() {
        AssertionError failure = failure(settings(7), draw -> {
            byte[] bytes = draw.of("bytes", bytes(0, 2_000));
            String text = draw.of("text", text(0, 2_000));

            assertThat(bytes.length > 7 && text.codePoints().anyMatch(c -> c > 0xffff))
                    .isFalse();
        });

        assertThat(failure)
                .hasMessageContaining("bytes = 8 bytes 0000000000000000\n")
                .hasMessageContaining("text = \"\\ud800\\udc00\"\n");
    }

    /** A fault at only one of 2^64 numbers is found if that number is 0, next to 0, or an end of the range. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
    void drawsTheEndsAndTheMiddleOfTheRangeOften(long fault) {
        AssertionError failure = failure(settings(11), draw -> {
            long value = draw.of("value", longs());

            assertThat(value).isNotEqualTo(fault);
        });

        assertThat(failure).hasMessageContaining("value = " + fault + "\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128, 129, 255, 256, 257, 0x7fff, 0x8000, 0xfffe})
    void drawsNumbersNextToPowersOfTwoOften(int fault) {
        AssertionError failure = failure(new Property.Settings(11, 10_000, SHRINKS), draw -> {
            int value = draw.of("value", integers(0, 0xffff));

            assertThat(value).isNotEqualTo(fault);
        });

        assertThat(failure).hasMessageContaining("value = " + fault + "\n");
    }

    @Test
    void drawsListsThatAreEmptyAndFullAndCombinesThemWithOtherBoundaries() {
        Set<String> seen = new HashSet<>();
        Set<Integer> boundaries = Set.of(0, 10);

        Property.holds(settings(3), draw -> {
            int size = draw.of("values", AGES.list(0, 10)).size();
            int first = draw.of("first", integers(0, 10));
            int second = draw.of("second", integers(0, 10));
            if (boundaries.contains(size) && boundaries.contains(first) && boundaries.contains(second)) {
                seen.add(size + " " + first + " " + second);
            }
        });

        assertThat(seen).as("all eight combinations").hasSize(8);
    }

    @Test
    void theReportedSeedRepeatsTheFailureAtItsFirstRandomTry() {
        List<Integer> tries = new ArrayList<>();
        Property.Body body = draw -> {
            int age = draw.of("age", AGES);
            tries.add(age);
            assertThat(age % 17 == 0 && age > 0).isFalse();
        };
        AssertionError failure = failure(new Property.Settings(5, 1_000, 0), body);
        int found = tries.get(tries.size() - 1);
        tries.clear();

        AssertionError again = failure(new Property.Settings(reportedSeed(failure), 1, 0), body);

        assertThat(tries).containsSubsequence(0, found);
        assertThat(tries.get(1)).isEqualTo(found);
        assertThat(again).hasMessageContaining("age = " + found);
    }

    @Test
    void drawsTheSameForTheSameSeedAndOtherValuesForAnother() {
        List<List<Integer>> runs = new ArrayList<>();
        for (long seed : new long[] {1, 1, 1_000_000}) {
            List<Integer> values = new ArrayList<>();
            Property.holds(settings(seed), draw -> values.add(draw.of("age", AGES)));
            runs.add(values);
        }

        assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, 1",
        "-1, 0",
        "-1, 1",
        "5, 7",
        "-7, -5",
        "-3, 100",
        "-100, 3",
        "-2147483648, 2147483647",
        "0, 9223372036854775807",
        "-9223372036854775808, 0",
        "-9223372036854775808, 9223372036854775807",
        "-9223372036854775808, -9223372036854775807",
        "9223372036854775806, 9223372036854775807",
        "-1, 9223372036854775807",
    })
    void numbersStayInTheirRangeAndReachBothEnds(long min, long max) {
        Set<Long> seen = new HashSet<>();

        Property.holds(settings(17), draw -> {
            long value = draw.of("value", longs(min, max));
            assertThat(value).isBetween(min, max);
            seen.add(value);
        });

        assertThat(seen).contains(min, max);
    }

    @Test
    void everyNumberOfARangeHasAChoiceOfItsOwn() {
        for (int min = -6; min <= 6; min++) {
            for (int max = min; max <= 6; max++) {
                Zigzag order = new Zigzag(min, max);
                Set<Long> numbers = new HashSet<>();
                long nearest = -1;
                for (long choice = 0; choice <= max - min; choice++) {
                    long number = order.number(choice);
                    numbers.add(number);
                    assertThat(order.choice(number)).isEqualTo(choice);
                    assertThat(Math.abs(number))
                            .as("each is farther from 0 than the one before")
                            .isGreaterThanOrEqualTo(nearest);
                    nearest = Math.abs(number);
                }
                assertThat(numbers).hasSize(max - min + 1).allMatch(number -> Math.abs(number) <= 6);
            }
        }
        assertThatThrownBy(() -> longs(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sizesAndCharactersStayInTheirRange() {
        Set<Integer> lengths = new HashSet<>();
        Set<Integer> planes = new HashSet<>();

        Property.holds(settings(19), draw -> {
            assertThat(draw.of("bytes", bytes(3, 9)).length).isBetween(3, 9);
            assertThat(draw.of("exactly", bytes(4))).hasSize(4);
            assertThat(draw.of("ascii", Generator.ascii(0, 20))).matches("[ -~]{0,20}");
            assertThat(draw.of("some", textOf("abc", 1, 2))).matches("[abc]{1,2}");
            String text = draw.of("text", text(0, 5, c -> c != 'x'));
            lengths.add(text.codePointCount(0, text.length()));
            text.codePoints().forEach(c -> planes.add(c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4));
            assertThat(text).doesNotContain("x");
            assertThat(text.codePoints())
                    .as("no unpaired surrogate")
                    .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        });

        assertThat(lengths).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(planes).as("characters of 1 to 4 bytes").containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void makesEachOfItsAlternatives() {
        Set<Object> seen = new HashSet<>();

        Property.holds(settings(23), draw -> {
            seen.add(draw.of("one of", oneOf(Generator.just("a"), integers(0, 1), Generator.of("b", "c"))));
            seen.add(draw.of("optional", booleans().optional()).isPresent());
        });

        assertThat(seen).containsExactlyInAnyOrder("a", 0, 1, "b", "c", true, false);
    }

    @Test
    void triesThatDoNotMeetTheAssumptionAreNotCounted() {
        AtomicInteger counted = new AtomicInteger();

        Property.holds(settings(29), draw -> {
            int value = draw.of("value", AGES);
            draw.assume(value % 2 == 1);
            counted.incrementAndGet();
        });

        assertThat(counted).hasValue(1_000);
    }

    @Test
    void failsWhenHardlyAnyTryMeetsTheAssumption() {
        assertThatThrownBy(() -> Property.holds(settings(31), draw -> draw.assume(false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("assumption");
        assertThatThrownBy(() ->
                        Property.holds(settings(31), draw -> draw.of("never", AGES.filter(value -> value < 0))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("assumption");
    }

    @Test
    void shrinksToAFailureOfTheSameKind() {
        AssertionError failure = failure(settings(37), draw -> {
            int age = draw.of("age", AGES);
            if (age > 100_000) {
                throw new IllegalStateException("too old");
            }
            if (age > 0 && age < 50_000) {
                throw new IllegalArgumentException("too young");
            }
        });

        assertThat(failure.getCause()).isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class);
        assertThat(failure)
                .hasMessageContaining(
                        failure.getCause() instanceof IllegalStateException ? "age = 100001\n" : "age = 1\n");
    }

    @Test
    void saysThatAPropertyDependsOnMoreThanItsValues() {
        AtomicInteger runs = new AtomicInteger();

        AssertionError failure = failure(settings(41), draw -> {
            draw.of("age", AGES);
            assertThat(runs.incrementAndGet()).isNotEqualTo(5);
        });

        assertThat(failure).hasMessageContaining("not when it was repeated");
    }

    @Test
    void showsWhatWasDrawnAndNotWhatThePropertyMadeOfIt() {
        AssertionError failure = failure(settings(43), draw -> {
            byte[] bytes = draw.of("bytes", bytes(2));
            String text = draw.of("text", Generator.just("a\"\n"));
            Arrays.fill(bytes, (byte) 0x55);
            assertThat(text).isEmpty();
        });

        assertThat(failure)
                .hasMessageContaining("bytes = 2 bytes 0000\n")
                .hasMessageContaining("text = \"a\\u0022\\u000a\"\n");
    }

    @Test
    void replayingARecordDrawsWhatWasRecorded() {
        for (long seed = 0; seed < 200; seed++) {
            Choices drawn = Choices.random(seed);
            Generator<List<String>> generator = text(0, 5).list(0, 5);
            List<String> values = generator.from(drawn);

            Choices replayed = Choices.replay(drawn.record());

            assertThat(generator.from(replayed)).isEqualTo(values);
            assertThat(replayed.record()).isEqualTo(drawn.record());
        }
    }

    @Test
    void aRecordThatDoesNotFitIsLoweredAndLengthenedWithTheSimplest() {
        Choices choices = Choices.replay(new long[] {200});

        assertThat(choices.next(100)).isEqualTo(100);
        assertThat(choices.next(100)).isZero();
        assertThat(choices.record()).containsExactly(100, 0);
    }

    @Test
    void endsItsSearchForASimplerFailureWhenItsRunsAreUsedUp() {
        AtomicInteger runs = new AtomicInteger();

        AssertionError failure = failure(new Property.Settings(47, 1_000, 10), draw -> {
            List<Integer> values = draw.of("values", AGES.list(0, 200));
            if (!values.isEmpty()) {
                runs.incrementAndGet();
            }
            assertThat(values).isEmpty();
        });

        assertThat(failure).hasMessageContaining("values = ");
        assertThat(runs.get()).isLessThanOrEqualTo(12);
        assertThatCode(() -> Property.holds(new Property.Settings(47, 0, 10), draw -> {}))
                .doesNotThrowAnyException();
    }
}
