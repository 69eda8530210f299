package org.minip2p.interop;

import java.util.EnumMap;
import java.util.Map;

/** One listener of each peer, shared by all tests of a class. Not thread-safe. */
final class Listeners implements AutoCloseable {
    private final Map<Peers, RunningListener> running = new EnumMap<>(Peers.class);

    /** Starts the listener at the first call. Skips the test if the peer is not built. */
    RunningListener get(Peers peer) {
        Built.assume(peer);
        return running.computeIfAbsent(peer, RunningListener::start);
    }

    @Override
    public void close() {
        running.values().forEach(RunningListener::close);
        running.clear();
    }
}
