package org.minip2p.attacks.hostile;

/**
 * What the victim must achieve during an attack for the attack to count as withstood.
 *
 * @param p99Millis the maximum of the 99th percentile of the honest peer's pings, during the attack and after it
 * @param newcomersPercent the minimum percentage of newcomers that must be served
 * @param heapMib the maximum of heap in use after a collection at the end of the attack
 * @param directMib the maximum of direct memory in use at any time
 * @param leastBlows the number of blows that the attack must strike for a meaningful result
 */
public record Expectation(int p99Millis, int newcomersPercent, int heapMib, int directMib, long leastBlows) {
    private static final Expectation STANDARD = new Expectation(300, 80, 96, 120, 1);

    /** The expectation for most attacks. */
    public static Expectation standard() {
        return STANDARD;
    }

    /** The same with another minimum number of blows. */
    Expectation withLeastBlows(long count) {
        return new Expectation(p99Millis, newcomersPercent, heapMib, directMib, count);
    }
}
