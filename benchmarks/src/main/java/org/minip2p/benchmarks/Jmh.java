package org.minip2p.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH benchmarks, and measures allocation. A run for the page starts a JVM for each benchmark; a quick run does not. */
final class Jmh {
    private final Settings settings;
    private final Map<String, String[]> parameters = new LinkedHashMap<>();

    Jmh(Settings settings) {
        this.settings = settings;
    }

    /** Limits a parameter to these values. */
    Jmh with(String parameter, String... values) {
        parameters.put(parameter, values);
        return this;
    }

    /** The length of a run for the page. */
    enum Length {
        /** For layers: only the compiler must settle. */
        SHORT(3, 5, 400),
        /** For whole paths: two event loops, sockets and windows. */
        LONG(3, 4, 1_000),
        /** For a host from dial to close, or a stream with its floors: so much code that the compiler needs longer. */
        LONGEST(10, 4, 1_000);

        private final int warmups;
        private final int measurements;
        private final long iterationMillis;

        Length(int warmups, int measurements, long iterationMillis) {
            this.warmups = warmups;
            this.measurements = measurements;
            this.iterationMillis = iterationMillis;
        }
    }

    /** The results of one run. */
    record Scores(Collection<RunResult> results) {
        /**
         * Finds the result of one benchmark.
         *
         * @param method its method
         * @param parameters the parameter values that distinguish it from others, in any order
         */
        Score of(String method, String... parameters) {
            return results.stream()
                    .filter(result -> result.getParams().getBenchmark().endsWith("." + method))
                    .filter(result -> Arrays.stream(parameters).allMatch(value -> hasParameter(result, value)))
                    .findFirst()
                    .map(Score::new)
                    .orElseThrow(() ->
                            new IllegalStateException("no result for " + method + " " + Arrays.toString(parameters)));
        }

        private static boolean hasParameter(RunResult result, String value) {
            return result.getParams().getParamsKeys().stream()
                    .anyMatch(key -> result.getParams().getParam(key).equals(value));
        }
    }

    /** One result. */
    record Score(RunResult result) {
        /** The median of the iterations, in the unit of the benchmark. */
        double value() {
            return result.getPrimaryResult().getStatistics().getPercentile(50);
        }

        /** The bytes that one operation allocates, in all threads. */
        double allocatedBytes() {
            return counter("gc.alloc.rate.norm");
        }

        /** A counter of a profiler or of the benchmark itself. */
        double counter(String name) {
            var counters = result.getSecondaryResults();
            if (!counters.containsKey(name)) {
                throw new IllegalStateException(
                        "no " + name + " of " + result.getParams().getBenchmark() + ", there are " + counters.keySet());
            }
            return counters.get(name).getScore();
        }
    }

    /**
     * Runs benchmarks.
     *
     * @param methods the methods to run; none for all
     */
    Scores run(Class<?> benchmark, Length length, String... methods) throws RunnerException {
        settings.say("jmh " + benchmark.getSimpleName() + " " + String.join(" ", methods));
        String which = methods.length == 0
                ? "\\w+"
                : Arrays.stream(methods).map(Pattern::quote).collect(Collectors.joining("|", "(", ")"));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName()) + "\\." + which + "$")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (settings.quick()) {
            options.forks(0)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(100))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(200));
        } else {
            options.forks(1)
                    .warmupIterations(length.warmups)
                    .warmupTime(TimeValue.milliseconds(length.iterationMillis))
                    .measurementIterations(length.measurements)
                    .measurementTime(TimeValue.milliseconds(length.iterationMillis));
        }
        parameters.forEach(options::param);
        return new Scores(new Runner(options.build()).run());
    }
}
