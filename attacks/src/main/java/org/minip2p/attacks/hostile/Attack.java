package org.minip2p.attacks.hostile;

/** One thing that hostile peers do. {@link Attacks} has them all. Stateless. */
public interface Attack {
    /** Its description. */
    Description description();

    /** What it is called. */
    default String name() {
        return description().name();
    }

    /**
     * Attacks until the time is over. What it leaves open stays open until the process ends.
     *
     * @throws Exception what keeps it from attacking at all; that a victim ends connections is none
     */
    void run(Battlefield field) throws Exception;
}
