package org.minip2p.attacks.hostile;

import java.util.Map;

/**
 * The description of an attack. Immutable.
 *
 * @param name what it is called: lower-case words with hyphens
 * @param rows the rows of the page on security that it is about, such as {@code SEC-37 SEC-H10}
 * @param sends what it sends, in one sentence
 * @param seconds how long it goes on unless somebody says something else
 * @param isSmoke whether it is among those that are run for every change
 * @param expectation what the victim has to be like while it goes on
 * @param application what the application on the victim is like
 * @param descriptors how many files and sockets the victim may have open; 0 for as many as the machine allows
 * @param lifted settings of the host with which it is not withstood, since they lift what defends against it; none when no setting does
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
        /** Answers pings, identify, perf, echo and node info, and notes what it is told. */
        ORDINARY,
        /** Takes 10 ms for each event of node info. */
        SLOW_LISTENER,
        /** Has a listener of node info that never returns for any peer but the first. */
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

    /** Goes on for longer, or less long. */
    Description lasting(int howLong) {
        return new Description(name, rows, sends, howLong, isSmoke, expectation, application, descriptors, lifted);
    }

    /** Is run for every change. */
    Description smoke() {
        return new Description(name, rows, sends, seconds, true, expectation, application, descriptors, lifted);
    }

    /** Has to strike so often at least, to show anything. */
    Description striking(long leastBlows) {
        return expecting(expectation.withLeastBlows(leastBlows));
    }

    Description expecting(Expectation other) {
        return new Description(name, rows, sends, seconds, isSmoke, other, application, descriptors, lifted);
    }

    Description against(Application other) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, other, descriptors, lifted);
    }

    /** The victim may have only so many files and sockets open. */
    Description withDescriptors(int count) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, application, count, lifted);
    }

    /** Is not withstood with these settings. */
    Description lifted(Map<String, String> settings) {
        return new Description(name, rows, sends, seconds, isSmoke, expectation, application, descriptors, settings);
    }
}
