package org.minip2p.simulation;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is not left to the seed.
 *
 * @param hosts the number of hosts; empty to let the seed decide
 * @param faults the faults that may be injected
 */
record Scenario(OptionalInt hosts, Set<Fault> faults) {
    static final int LEAST_HOSTS = 2;
    static final int MOST_HOSTS = 50;

    /** Everything is left to the seed. */
    static final Scenario ANY = new Scenario(OptionalInt.empty(), EnumSet.allOf(Fault.class));

    Scenario {
        faults = Collections.unmodifiableSet(EnumSet.copyOf(faults));
    }

    /**
     * The same scenario with a fixed number of hosts.
     *
     * @throws IllegalArgumentException when they are too few or too many; the message says what was expected
     */
    Scenario withHosts(long count) {
        if (count < LEAST_HOSTS || count > MOST_HOSTS) {
            throw new IllegalArgumentException(
                    "expected " + LEAST_HOSTS + " to " + MOST_HOSTS + " hosts, got " + count);
        }
        return new Scenario(OptionalInt.of((int) count), faults);
    }

    /**
     * The same scenario with these faults only.
     *
     * @param list their names, separated by commas; case does not matter
     * @throws IllegalArgumentException when a name is unknown; the message lists the known names
     */
    Scenario withFaults(String list) {
        EnumSet<Fault> named = EnumSet.noneOf(Fault.class);
        for (String name : list.split(",", -1)) {
            named.add(Arrays.stream(Fault.values())
                    .filter(each -> each.name().equals(name.strip().toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "expected faults among " + Arrays.toString(Fault.values()) + ", got \"" + name + "\"")));
        }
        return new Scenario(hosts, named);
    }
}
