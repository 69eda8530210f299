package org.minip2p.attacks.hostile;

/** One kind of attack by hostile peers. {@link Attacks} lists all of them. Stateless. */
public interface Attack {
    /** Its description. */
    Description description();

    /** Its name. */
    default String name() {
        return description().name();
    }

    /**
     * Attacks until the time is over. Connections that it leaves open stay open until the process ends.
     *
     * @throws Exception if it cannot attack at all; connections that the victim closes are not a failure
     */
    void run(Battlefield field) throws Exception;
}
