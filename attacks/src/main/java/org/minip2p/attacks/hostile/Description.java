package org.minip2p.attacks.hostile;

import java.util.Map;

/**
 * The description of an attack. Immutable.
 *
 * @param name what it is called: lower-case words with hyphens
 * @param rows the rows of the page on security that it tests, such as {@code SEC-37 SEC-H10}
 * @param sends what it sends, in one sentence
 * @param seconds its duration, unless the run sets another one
 * @param isSmoke whether it runs for every change
 * @param expectation what the victim must achieve during the attack
 * @param application the behavior of the application on the victim
 * @param descriptors the limit on the victim's open files and sockets; 0 for the machine's own limit
 * @param lifted settings of the host that turn off the defence, so that the attack succeeds; empty if no settings do
 */
public record Description(
        String name,
        String rows,
        String sends,
        int seconds,
        boolean isSmoke,
        Expectation expectation,
        Application application,
        int descriptors,
        Map<String, String> lifted) {
    private static final int SECONDS = 10;

    /** What the application on the victim does. */
    public enum Application {
        /** Answers pings, identify, perf, echo and node info. */
        ORDINARY,
        /** Takes 10 ms for each event of node info. */
        SLOW_LISTENER,
        /** Has a node-info listener that returns only for the first peer. */
        STUCK_LISTENER
    }

    /** Copies the settings. */
    public Description {
        lifted = Map.copyOf(lifted);
    }

    static Description of(String name, String rows, String sends) {
        return new Description(
                name, rows, sends, SECONDS, false, Expectation.standard(), Application.ORDINARY, 0, Map.of());
    }

    /** Sets the duration, in seconds. */
    Description lasting(int howLong) {
        return new Description(name, rows, sends, howLong, isSmoke, expectation, application, descriptors, lifted);
    }

    /** Makes it run for every change. */
    Description smoke() {
        return new Description(name, rows, sends, seconds, true, expectation, application, descriptors, lifted);
    }

    /** Sets the number of blows that are needed for a meaningful result. */
    Description striking(long leastBlows) {
        return expecting(expectation.withLeastBlows(leastBlows));
    }

    Description expecting(Expectation other) {
        return new Description(name, rows, sends, seconds, isSmoke, other, application, descriptors, lifted);
    }

    Description against(Application other) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, other, descriptors, lifted);
    }

    /** Limits the victim's open files and sockets. */
    Description withDescriptors(int count) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, application, count, lifted);
    }

    /** Sets the settings that turn off the defence. */
    Description lifted(Map<String, String> settings) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, application, descriptors, settings);
    }
}
