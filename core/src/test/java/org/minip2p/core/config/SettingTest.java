package org.minip2p.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    private static final Setting<Integer> COUNT = Setting.count("count", 7, 2, "Count.");
    private static final Setting<Long> BYTES = Setting.bytes("bytes", 1 << 20, 1 << 10, 0xffff_ffffL, "Bytes.");
    private static final Setting<Duration> TIME =
            Setting.duration("time", Duration.ofSeconds(30), Duration.ofMillis(1), "Time.");
    private static final Setting<Boolean> FLAG = Setting.flag("flag", false, "Flag.");

    @Test
    void knowsItsNameDefaultRangeAndText() {
        assertThat(List.of(COUNT, BYTES, TIME, FLAG))
                .extracting(Setting::name)
                .containsExactly("count", "bytes", "time", "flag");
        assertThat(List.of(COUNT, BYTES, TIME, FLAG))
                .extracting(Setting::text)
                .containsExactly("Count.", "Bytes.", "Time.", "Flag.");
        assertThat(List.of(COUNT, BYTES, TIME, FLAG))
                .extracting(Setting::defaultText)
                .containsExactly("7", "1MiB", "30s", "false");
        assertThat(List.of(COUNT, BYTES, TIME, FLAG))
                .extracting(Setting::range)
                .containsExactly("2 to 2147483647", "1KiB to 4294967295", "1ms to 24h", "true or false");
        assertThat(TIME.defaultValue()).isEqualTo(Duration.ofSeconds(30));
        assertThat(TIME).hasToString("time");
    }

    @Test
    void takesBothEndsOfItsRangeAndNothingBeyond() {
        assertThat(COUNT.checked(2)).isEqualTo(2);
        assertThat(COUNT.checked(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThat(BYTES.checked(1024L)).isEqualTo(1024);
        assertThat(BYTES.checked(0xffff_ffffL)).isEqualTo(0xffff_ffffL);
        assertThat(TIME.checked(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
        assertThat(TIME.checked(Duration.ofDays(1))).isEqualTo(Duration.ofDays(1));

        assertThatIllegalArgumentException().isThrownBy(() -> COUNT.checked(1));
        assertThatIllegalArgumentException().isThrownBy(() -> BYTES.checked(1023L));
        assertThatIllegalArgumentException().isThrownBy(() -> BYTES.checked(0x1_0000_0000L));
        assertThatIllegalArgumentException().isThrownBy(() -> TIME.checked(Duration.ofNanos(999_999)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TIME.checked(Duration.ofDays(1).plusNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> TIME.checked(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @Test
    void refusesADefaultOutOfRange() {
        assertThatThrownBy(() -> Setting.count("count", 1, 2, "Count."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count");
    }

    @Test
    void takesNoNonsenseForZeroWhereZeroIsAllowed() {
        Setting<Duration> time = Setting.duration("time", Duration.ZERO, Duration.ZERO, "Time.");
        Setting<Integer> count = Setting.count("count", 0, 0, "Count.");
        Setting<Long> bytes = Setting.bytes("bytes", 0, 0, "Bytes.");

        assertThatRefused(time, "7d", "0s to 24h");
        assertThatRefused(time, "soon", "0s to 24h");
        assertThatRefused(count, "7s", "0 to 2147483647");
        assertThatRefused(bytes, "7s", "0 to 1TiB");
        assertThat(time.parse("0h")).isZero();
        assertThat(bytes.print(0L)).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "+5, 5", "007, 7", "2147483647, 2147483647"})
    void readsCounts(String text, int value) {
        assertThat(COUNT.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "1KiB, 1024",
        "3MiB, 3145728",
        "3GiB, 3221225472",
        "4294967295, 4294967295",
    })
    void readsBytes(String text, long value) {
        assertThat(BYTES.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "2m, PT2M",
        "24h, PT24H",
        "1500us, PT0.0015S",
        "1000001ns, PT0.001000001S",
        "86400000ms, PT24H",
    })
    void readsDurations(String text, Duration value) {
        assertThat(TIME.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 7",
                "7 ",
                "many",
                "1",
                "-7",
                "--7",
                "1.5",
                "1e3",
                "0x10",
                "7s",
                "7MiB",
                "2147483648",
                "9223372036854775808",
                "99999999999999999999",
                "\u0667"
            })
    void refusesWhatIsNoCount(String text) {
        assertThatRefused(COUNT, text, "a whole number, 2 to 2147483647");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MiB",
                "1023",
                "1B",
                "1MB",
                "1mib",
                "1 MiB",
                "1.5MiB",
                "-1MiB",
                "4GiB",
                "1TiB",
                "9007199254740992KiB",
                "18014398509481985KiB",
                "16777217TiB",
                "999999999999999999TiB",
                "99999999999999999999"
            })
    void refusesWhatIsNoNumberOfBytes(String text) {
        assertThatRefused(BYTES, text, "1KiB to 4294967295");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "0s",
                "s",
                "-5s",
                "1d",
                "30S",
                "0.5s",
                "1m30s",
                "PT30S",
                "999us",
                "25h",
                "25d",
                "2160000s",
                "86400001ms",
                "5124096h",
                "999999999999999999h",
                "99999999999999999999s"
            })
    void refusesWhatIsNoDuration(String text) {
        assertThatRefused(TIME, text, "30s, 500ms or 2m, 1ms to 24h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "True", "1", " true"})
    void refusesWhatIsNoFlag(String text) {
        assertThatRefused(FLAG, text, "true or false");
    }

    @Test
    void readsBackWhatItPrints() {
        Random random = new Random(11);

        for (int i = 0; i < 20_000; i++) {
            int shift = random.nextInt(46);
            long nanos = 1_000_000 + (random.nextLong() & (1L << shift) - 1) % (24 * 3_600_000_000_000L - 1_000_000);
            Duration duration = Duration.ofNanos(nanos);
            long bytes = Math.max(1024, random.nextInt() & 0xffff_ffffL) >> random.nextInt(22) << random.nextInt(12);
            int count = Math.max(2, random.nextInt() & Integer.MAX_VALUE);
            assertThat(TIME.parse(TIME.print(duration))).isEqualTo(duration);
            assertThat(COUNT.parse(COUNT.print(count))).isEqualTo(count);
            if (bytes >= 1024 && bytes <= 0xffff_ffffL) {
                assertThat(BYTES.parse(BYTES.print(bytes))).isEqualTo(bytes);
            }
        }
        assertThat(FLAG.parse(FLAG.print(true))).isTrue();
        assertThat(FLAG.parse(FLAG.print(false))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT1M, 1m",
        "PT90S, 90s",
        "PT1.5S, 1500ms",
        "PT24H, 24h",
        "PT0.000001S, 1us",
        "PT0.000000001S, 1ns"
    })
    void printsADurationInTheLargestUnitThatIsExact(Duration value, String text) {
        Setting<Duration> anyTime = Setting.duration("time", Duration.ZERO, Duration.ZERO, "Time.");

        assertThat(anyTime.print(value)).isEqualTo(text);
    }

    private static void assertThatRefused(Setting<?> setting, String text, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.parse(text))
                .withMessageStartingWith(setting.name() + ": expected ")
                .withMessageContaining(expected)
                .withMessageEndingWith("but got " + text);
    }
}
