package org.minip2p.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the listener of a public test passes its address on to the dialer: under one key of Redis. Not thread-safe. */
final class Rendezvous {
    /** The type of the value under the key. If the value has the other type, Redis reports an error. */
    enum Type {
        /** A list of one element, which the dialer removes (IOP-9 to IOP-12, UNI-11 to UNI-14). */
        LIST,
        /** A text, which the dialer requests until it is present (UNI-29). */
        TEXT
    }

    private static final Duration POLL = Duration.ofMillis(200);

    private final RedisClient redis;
    private final Type type;
    private final String key;

    Rendezvous(RedisClient redis, Type type, String key) {
        this.redis = redis;
        this.type = type;
        this.key = key;
    }

    /** Publishes the listener's address, after removing what an earlier test has left there (UNI-13). */
    void publish(String address) throws IOException, InterruptedException {
        switch (type) {
            case LIST -> {
                redis.delete(key);
                redis.push(key, address);
            }
            case TEXT -> redis.set(key, address);
        }
    }

    /** Removes the address, since it can no longer be dialed. */
    void withdraw() throws IOException, InterruptedException {
        redis.delete(key);
    }

    /** The listener's address, or null when none came in time. */
    @Nullable String await(Deadline deadline) throws IOException, InterruptedException {
        return switch (type) {
            case LIST -> pop(deadline.left());
            case TEXT -> poll(deadline);
        };
    }

    /** Redis waits for whole seconds; zero would mean forever. */
    private @Nullable String pop(Duration wait) throws IOException, InterruptedException {
        return redis.pop(key, wait.toSeconds() < 1 ? Duration.ofSeconds(1) : wait);
    }

    private @Nullable String poll(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            String address = redis.get(key);
            if (address != null || deadline.isWithin(POLL)) {
                return address;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
