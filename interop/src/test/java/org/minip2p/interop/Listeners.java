package org.minip2p.interop;

import java.util.EnumMap;
import java.util.Map;

/** One listener of each peer, which serves all tests of a class. Not thread-safe. */
final class Listeners implements AutoCloseable {
    private final Map<Peers, RunningListener> running = new EnumMap<>(Peers.class);

    /** Starts it when it is asked for the first time; skips the test when the peer is not built. */
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
