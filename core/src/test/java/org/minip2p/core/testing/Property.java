package org.minip2p.core.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks in an ordinary test that a property holds for many drawn values: the simplest values first, then random ones,
 * which include
 * boundaries (see {@link Choices}). A failure is simplified before it is reported. The report has the seed that repeats
 * the failure at
 * the first random try.
 *
 * <pre>{@code
 * @Test
 * void readsWhatItWrote() {
 *     Property.holds(draw -> {
 *         long value = draw.of("value", Generator.longs(0, Long.MAX_VALUE));
 *
 *         assertThat(Varint.decode(Varint.encode(value))).isEqualTo(value);
 *     });
 * }
 * }</pre>
 *
 * <p>Every run takes other values. System properties: {@code property.seed} repeats a run, {@code property.tries} is
 * the number of tries
 * of every property, and {@code property.shrinks} is how many runs may be spent to simplify a failure (0: none).
 */
public final class Property {
    private static final int DEFAULT_TRIES = 1_000;
    private static final int DEFAULT_SHRINKS = 20_000;

    /** How many tries may be discarded for each one that counts. */
    private static final int MAX_DISCARDED_PER_TRY = 5;

    /** A property. It draws values and throws if it does not hold for them. */
    @FunctionalInterface
    public interface Body {
        /** Runs one try. It must depend only on the drawn values. */
        void run(Draw draw) throws Exception;
    }

    /**
     * How a property is run.
     *
     * @param seed the seed of the first random try; each further try has the next number
     * @param tries the number of random tries
     * @param shrinks how many runs may be spent to simplify a failure
     */
    record Settings(long seed, int tries, int shrinks) {
        static Settings ofSystem(int tries) {
            return new Settings(
                    Long.getLong("property.seed", System.nanoTime() & Integer.MAX_VALUE),
                    Integer.getInteger("property.tries", tries),
                    Integer.getInteger("property.shrinks", DEFAULT_SHRINKS));
        }
    }

    private final Settings settings;
    private final Body body;

    private Property(Settings settings, Body body) {
        this.settings = settings;
        this.body = body;
    }

    /**
     * Fails unless the property holds in 1,000 tries.
     *
     * @throws AssertionError with the simplified values, the seed and, as its cause, the exception of the property
     */
    public static void holds(Body body) {
        holds(DEFAULT_TRIES, body);
    }

    /** As {@link #holds(Body)}, with another number of tries for a slow property. */
    public static void holds(int tries, Body body) {
        holds(Settings.ofSystem(tries), body);
    }

    static void holds(Settings settings, Body body) {
        new Property(settings, body).run();
    }

    private void run() {
        Choices simplest = Choices.simplest();
        Throwable first = failure(new Draw(simplest, false));
        if (isFailure(first)) {
            throw report("with the simplest values", settings.seed, simplest, first);
        }
        long seed = settings.seed;
        int discarded = 0;
        for (int done = 0; done < settings.tries; seed++) {
            Choices choices = Choices.random(seed);
            Throwable failure = failure(new Draw(choices, false));
            if (isFailure(failure)) {
                throw report("at try " + (done + 1), seed, choices, failure);
            }
            if (failure == null) {
                done++;
            } else if (++discarded > MAX_DISCARDED_PER_TRY * settings.tries) {
                throw new AssertionError(
                        discarded + " tries did not meet the assumption, " + done + " did: draw values that meet it");
            }
        }
    }

    private static boolean isFailure(@Nullable Throwable thrown) {
        return thrown != null && !(thrown instanceof Discarded);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private @Nullable Throwable failure(Draw draw) {
        try {
            body.run(draw);
            return null;
        } catch (Exception | Error e) {
            return e;
        }
    }

    private AssertionError report(String when, long seed, Choices failing, Throwable failure) {
        Shrinker shrinker = new Shrinker(
                failing,
                choices -> {
                    Throwable again = failure(new Draw(choices, false));
                    return again != null && again.getClass() == failure.getClass();
                },
                settings.shrinks);
        Choices shrunk = shrinker.shrink();
        Draw draw = new Draw(Choices.replay(shrunk.record()), true);
        Throwable last = failure(draw);
        if (last == null) {
            return new AssertionError(
                    "failed " + when + " and not when it was repeated with the same values:" + lines(draw.shown()),
                    failure);
        }
        AssertionError report = new AssertionError(
                "fails " + when + "; -Dproperty.seed=" + seed + " repeats it. After " + shrinker.steps()
                        + " steps of shrinking:" + lines(draw.shown()) + "\n" + last,
                last);
        if (shrinker.steps() > 0) {
            report.addSuppressed(failure);
        }
        return report;
    }

    private static String lines(List<String> shown) {
        return shown.isEmpty() ? " (no values)" : "\n  " + String.join("\n  ", shown);
    }
}
