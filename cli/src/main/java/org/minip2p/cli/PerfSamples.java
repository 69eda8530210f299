package org.minip2p.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;

/**
 * The samples of one measurement, and where they lie, as the public performance tests count it (UNI-34 to UNI-38). Immutable.
 *
 * @param min the least sample that is no outlier
 * @param q1 the first quartile
 * @param median the second
 * @param q3 the third
 * @param max the largest sample that is no outlier
 * @param outliers those that are further from the nearer of the outer quartiles than one and a half times the distance between
 *     these two, ascending
 * @param samples all, ascending
 */
record PerfSamples(
        double min, double q1, double median, double q3, double max, List<Double> outliers, List<Double> samples) {
    private static final double FENCE = 1.5;

    /**
     * Counts.
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
        // At least one sample lies between the outer quartiles, so it cannot be that all are outliers.
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

    /** Between the two samples around its place, in proportion. */
    private static double quantile(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        double below = sorted[(int) Math.floor(place)];
        double above = sorted[(int) Math.ceil(place)];
        return below + (place - Math.floor(place)) * (above - below);
    }

    /**
     * A section of the results. Each value is on one line, behind exactly two spaces: others are not found.
     *
     * @param name of the section
     * @param decimals how many digits stand behind the point
     * @param unit of the samples
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
