package org.minip2p.simulation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;

/** The foreign code that a host calls: listeners, a gater, and a name resolver. It throws on request. */
final class ForeignCode {
    private final Network network;
    private final SplittableRandom random;
    private int listenersToThrow;
    private int gaterToThrow;
    private int namesToFail;

    /**
     * Creates an instance that throws nothing yet.
     *
     * @param random decides what is thrown
     */
    ForeignCode(Network network, SplittableRandom random) {
        this.network = network;
        this.random = random;
    }

    /** The next events of the application throw. */
    void throwInListeners(int count) {
        listenersToThrow = count;
    }

    /** The next calls of the application's gater throw. */
    void throwInGater(int count) {
        gaterToThrow = count;
    }

    /** The next name look-ups fail, some with the usual exception, others with an error. */
    void failNames(int count) {
        namesToFail = count;
    }

    /** Stops throwing. */
    void heal() {
        listenersToThrow = 0;
        gaterToThrow = 0;
        namesToFail = 0;
    }

    /** Called by each listener; throws if a fault is due. */
    void listen() {
        if (listenersToThrow > 0) {
            listenersToThrow--;
            throwSomething("a listener");
        }
    }

    /** Called by the gater: accepts everyone, or throws if a fault is due. */
    boolean letIn() {
        if (gaterToThrow > 0) {
            gaterToThrow--;
            throwSomething("a gater");
        }
        return true;
    }

    private void throwSomething(String where) {
        if (random.nextBoolean()) {
            throw Injected.error(where);
        }
        throw Injected.exception(where);
    }

    /** Looks up a name, or throws if a fault is due. */
    InetAddress[] lookUp(String host) throws UnknownHostException {
        if (namesToFail > 0) {
            namesToFail--;
            if (namesToFail % 2 == 0) {
                throw Injected.error("a resolver");
            }
        } else {
            InetAddress found = network.find(host);
            if (found != null) {
                return new InetAddress[] {found};
            }
        }
        throw new UnknownHostException(host);
    }
}
