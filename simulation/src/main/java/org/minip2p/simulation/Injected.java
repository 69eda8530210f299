package org.minip2p.simulation;

/** What the simulation has code of the application throw. */
final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Injected(String where) {
        super("thrown by " + where + ", which the simulation wants");
    }
}
