package org.minip2p.attacks.hostile;

/**
 * What the victim has to be like while an attack goes on, for it to count as withstood.
 *
 * @param p99Millis the most that the 99th percentile of the honest peer's pings may be during the attack
 * @param newcomersPercent how many of the newcomers have to be served at least
 * @param heapMib the most heap that is in use after a collection at the end of the attack
 * @param directMib the most direct memory that was in use at any time
 * @param leastBlows so many blows the attack has to have struck, for it to show anything
 */
public record Expectation(int p99Millis, int newcomersPercent, int heapMib, int directMib, long leastBlows) {
    private static final Expectation STANDARD = new Expectation(300, 80, 96, 120, 1);

    /** What most attacks have to leave alone. */
    public static Expectation standard() {
        return STANDARD;
    }

    /** The same, where the attack has to strike so often at least. */
    Expectation withLeastBlows(long count) {
        return new Expectation(p99Millis, newcomersPercent, heapMib, directMib, count);
    }
}
