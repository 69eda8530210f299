package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The plan of what to measure (UNI-27, UNI-28). */
class PerfPlanTest {
    private static final long GIB = 1L << 30;

    @Test
    void measuresWhatTheContractSaysWhenNothingIsSet() throws Exception {
        assertThat(PerfPlan.of(Map.of())).isEqualTo(new PerfPlan(GIB, GIB, 10, 10, 100));
    }

    @Test
    void measuresWhatIsSet() throws Exception {
        PerfPlan plan = PerfPlan.of(Map.of(
                "UPLOAD_BYTES", "9223372036854775807",
                "DOWNLOAD_BYTES", "18446744073709551615",
                "UPLOAD_ITERATIONS", "1",
                "DOWNLOAD_ITERATIONS", "2",
                "LATENCY_ITERATIONS", "100000"));

        assertThat(plan).isEqualTo(new PerfPlan(Long.MAX_VALUE, -1, 1, 2, 100_000));
        assertThat(PerfPlan.of(Map.of("UPLOAD_BYTES", "0", "DOWNLOAD_BYTES", "0")))
                .isEqualTo(new PerfPlan(0, 0, 10, 10, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "many"})
    void takesAnIterationCountThatIsNoNumberForAbsent(String text) throws Exception {
        assertThat(PerfPlan.of(
                        Map.of("UPLOAD_ITERATIONS", text, "DOWNLOAD_ITERATIONS", text, "LATENCY_ITERATIONS", text)))
                .isEqualTo(PerfPlan.of(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "UPLOAD_BYTES, -1",
        "UPLOAD_BYTES, 9223372036854775808",
        "UPLOAD_BYTES, 18446744073709551615",
        "UPLOAD_BYTES, 1GiB",
        "UPLOAD_BYTES, ''",
        "DOWNLOAD_BYTES, -1",
        "DOWNLOAD_BYTES, 18446744073709551616",
        "DOWNLOAD_BYTES, null",
        "UPLOAD_ITERATIONS, 0",
        "DOWNLOAD_ITERATIONS, -3",
        "DOWNLOAD_ITERATIONS, 1.5",
        "LATENCY_ITERATIONS, 100001",
        "LATENCY_ITERATIONS, 99999999999999999999"
    })
    void refusesAWrongNumberAndNamesIt(String name, String value) {
        assertThatThrownBy(() -> PerfPlan.of(Map.of(name, value)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageStartingWith(
                        value.isEmpty()
                                ? name + " is empty; expected "
                                : name + "=" + value + " is not valid; expected ");
    }
}
