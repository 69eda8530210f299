package org.minip2p.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;

/**
 * The samples of one measurement and their statistics, as the public performance tests define them (UNI-34 to UNI-38). Immutable.
 *
 * @param min the smallest sample that is not an outlier
 * @param q1 the first quartile
 * @param median the median
 * @param q3 the third quartile
 * @param max the largest sample that is not an outlier
 * @param outliers the samples below {@code q1} or above {@code q3} by more than 1.5 times the distance between these two, ascending
 * @param samples all samples, ascending
 */
record PerfSamples(
        double min, double q1, double median, double q3, double max, List<Double> outliers, List<Double> samples) {
    private static final double FENCE = 1.5;

    /**
     * Computes the statistics.
     *
     * @param measured at least one sample, in any order
     */
    static PerfSamples of(List<Double> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("no quartile without a sample");
        }
        double[] sorted =
                measured.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double q1 = quantile(sorted, 0.25);
        double q3 = quantile(sorted, 0.75);
        double reach = FENCE * (q3 - q1);
        DoublePredicate isOutlier = sample -> sample < q1 - reach || sample > q3 + reach;
        // At least one sample lies between the first and the third quartile, so not all samples are outliers.
        double[] inner = Arrays.stream(sorted).filter(isOutlier.negate()).toArray();
        return new PerfSamples(
                inner[0],
                q1,
                quantile(sorted, 0.5),
                q3,
                inner[inner.length - 1],
                Arrays.stream(sorted).filter(isOutlier).boxed().toList(),
                Arrays.stream(sorted).boxed().toList());
    }

    /** Interpolates linearly between the two nearest samples. */
    private static double quantile(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        double below = sorted[(int) Math.floor(place)];
        double above = sorted[(int) Math.ceil(place)];
        return below + (place - Math.floor(place)) * (above - below);
    }

    /**
     * A section of the results. Each value is on one line, after exactly two spaces: the tests find no others.
     *
     * @param name the name of the section
     * @param decimals the number of digits after the decimal point
     * @param unit the unit of the samples
     */
    String section(String name, int decimals, String unit) {
        String format = "%." + decimals + "f";
        return String.join(
                "\n",
                name + ":",
                "  iterations: " + samples.size(),
                "  min: " + text(format, min),
                "  q1: " + text(format, q1),
                "  median: " + text(format, median),
                "  q3: " + text(format, q3),
                "  max: " + text(format, max),
                "  outliers: " + text(format, outliers),
                "  samples: " + text(format, samples),
                "  unit: " + unit,
                "");
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String text(String format, List<Double> values) {
        return values.stream().map(value -> text(format, value)).collect(Collectors.joining(", ", "[", "]"));
    }
}
