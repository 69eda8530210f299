package org.minip2p.simulation;

import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The clock of one host: that of its world, until it is made to jump. */
final class HostClock implements Ticker, InstantSource {
    private final World world;
    private long aheadNanos;

    HostClock(World world) {
        this.world = world;
    }

    @Override
    public long initialNanoTime() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return world.nowNanos() + aheadNanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanoTime());
    }

    /** Converts a time of this clock to the world's time. */
    long toWorld(long nanos) {
        return nanos - aheadNanos;
    }

    /** Moves this clock forward at once. */
    void jump(long nanos) {
        aheadNanos += nanos;
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody sleeps in virtual time");
    }
}
