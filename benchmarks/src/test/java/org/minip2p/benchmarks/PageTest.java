package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Page PAGE = new Page(
            "# Prose\n\n{{machine}}\n\n{{beside}}\n\n{{targets}}\n\n{{charts}}\n\n{{figures}}\n\nMore prose.\n",
            List.of("CPU: one", "Java: 17"),
            List.of(
                    new Page.Results(
                            "JDK 17",
                            List.of(
                                    Figure.of("bulk/raw", 2000, "MiB/s"),
                                    Figure.of("bulk/stream", 950, "MiB/s")
                                            .beside(1000)
                                            .ratioAtLeast(0.9),
                                    Figure.of("connections/one", 10, "1/s").atLeast(1400),
                                    Figure.of("work/one-process/streams/minip2p", 20, "1/s"),
                                    Figure.of("work/one-process/streams/go", 10, "1/s"))),
                    new Page.Results(
                            "JDK 25",
                            List.of(Figure.of("bulk/raw", 2100, "MiB/s").beside(4200)))));

    @Test
    void putsTablesAndChartsIntoTheProse() {
        assertThat(PAGE.text()).isEqualTo("""
                        # Prose

                        - CPU: one
                        - Java: 17

                        JDK 17 beside the others:

                        | work | where | unit | minip2p | go | rust | js | jvm |
                        |---|---|---|--:|--:|--:|--:|--:|
                        | streams, one after the other | in one process | 1/s | 20 | 10 | – | – | – |

                        minip2p is fastest in every row.

                        ### JDK 17

                        | figure | value | unit | floor | ratio | target | met |
                        |---|--:|---|--:|--:|--:|---|
                        | `bulk/stream` | 950 | MiB/s | 1000 | 0.950 | >= 0.900 x | yes |
                        | `connections/one` | 10 | 1/s |  |  | >= 1400 | **no** |

                        ![One stream in bulk, and its floors, MiB/s](benchmarks/bulk.svg)

                        ![Connections made, used and closed, per second](benchmarks/connections.svg)

                        ### JDK 17

                        | figure | value | unit | floor | ratio | target | met |
                        |---|--:|---|--:|--:|--:|---|
                        | `bulk/raw` | 2000 | MiB/s |  |  |  |  |
                        | `work/one-process/streams/minip2p` | 20 | 1/s |  |  |  |  |
                        | `work/one-process/streams/go` | 10 | 1/s |  |  |  |  |

                        ### JDK 25

                        | figure | value | unit | floor | ratio | target | met |
                        |---|--:|---|--:|--:|--:|---|
                        | `bulk/raw` | 2100 | MiB/s | 4200 | 0.500 |  |  |

                        More prose.
                        """);
    }

    @Test
    void drawsEachVariantOfAFigure() {
        BarChart bulk = PAGE.charts().get(0).chart();

        assertThat(bulk.bars())
                .containsExactly(
                        new BarChart.Bar("bulk/raw, JDK 17", 2000, false),
                        new BarChart.Bar("bulk/raw, JDK 25", 2100, false),
                        new BarChart.Bar("bulk/stream, JDK 17", 950, true));
    }

    @Test
    void knowsItsPartsByTheirNames() {
        assertThat(Parts.all()).extracting(Part::name).doesNotHaveDuplicates();
        assertThat(Parts.of("bulk").name()).isEqualTo("bulk");
        assertThatIllegalArgumentException().isThrownBy(() -> Parts.of("nothing"));
    }
}
