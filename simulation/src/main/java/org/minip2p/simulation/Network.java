package org.minip2p.simulation;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network between the machines: reachability, delays and losses. As in TCP, bytes arrive in order or not at all, and data to an
 * unused address is answered with a reset.
 */
final class Network {
    private static final long LEAST_NANOS = 20_000;
    private static final long FAST_NANOS = 50_000_000;
    private static final int FIRST_FREE_PORT = 32_768;

    /** Two machines, in one direction. */
    private record Way(InetAddress from, InetAddress to) {}

    private final World world;
    private long mostNanos;
    private final Map<InetSocketAddress, ListeningChannel> listeners = new HashMap<>();
    private final Set<Way> blocked = new HashSet<>();
    private final Map<String, InetAddress> names = new HashMap<>();

    /** A dark address: data to it is lost silently. */
    private final Set<InetAddress> dark = new HashSet<>();

    /** What waits for a way to be free again, in order. */
    private final List<Runnable> held = new ArrayList<>();

    private int nextPort = FIRST_FREE_PORT;
    private int connected;

    /**
     * One without faults.
     *
     * @param world whose time it takes
     * @param mostNanos the longest that one way takes
     */
    Network(World world, long mostNanos) {
        this.world = world;
        this.mostNanos = mostNanos;
    }

    World world() {
        return world;
    }

    /** How long one way takes this time. */
    long delay() {
        return world.between(LEAST_NANOS, mostNanos);
    }

    /** From now on nothing is slow. */
    void hasten() {
        mostNanos = Math.min(mostNanos, FAST_NANOS);
    }

    /** There is a machine at an address, under a name. */
    void add(String name, InetAddress at) {
        names.put(name, at);
        dark.remove(at);
    }

    /** Where a name leads to; null when there is none. */
    @Nullable InetAddress find(String name) {
        return names.get(name);
    }

    /** A machine disappears suddenly. */
    void darken(InetAddress at) {
        dark.add(at);
    }

    boolean isDark(InetAddress at) {
        return dark.contains(at);
    }

    /** How many connections there have been. */
    int connected() {
        return connected;
    }

    /** Has nothing arrive any more; what is sent waits, as it does in TCP. */
    void block(InetAddress from, InetAddress to) {
        blocked.add(new Way(from, to));
    }

    /** Has everything arrive again. */
    void unblockAll() {
        blocked.clear();
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(each -> world.after(delay(), each));
    }

    /** Runs when it gets there. */
    void send(InetAddress from, InetAddress to, long afterNanos, Runnable arrival) {
        world.after(afterNanos, () -> {
            if (blocked.contains(new Way(from, to))) {
                held.add(arrival);
            } else {
                arrival.run();
            }
        });
    }

    /** A port that nobody has. */
    InetSocketAddress free(InetAddress at) {
        return new InetSocketAddress(at, nextPort++);
    }

    /** Whether there is nobody at it yet. */
    boolean listen(InetSocketAddress at, ListeningChannel listener) {
        return listeners.putIfAbsent(at, listener) == null;
    }

    void stopListening(InetSocketAddress at) {
        listeners.remove(at);
    }

    /**
     * Connects.
     *
     * @param from where it comes from
     * @param remote where it leads to
     * @param told what comes of it: a failure, or null
     * @return this end of it
     */
    Socket connect(InetSocketAddress from, InetSocketAddress remote, Consumer<@Nullable Exception> told) {
        Socket near = new Socket(this, from, remote);
        Socket far = new Socket(this, remote, from);
        near.connect(far);
        send(from.getAddress(), remote.getAddress(), delay(), () -> {
            if (isDark(remote.getAddress())) {
                return;
            }
            ListeningChannel listener = listeners.get(remote);
            boolean taken = listener != null && !near.isClosed() && listener.offer(far);
            if (taken) {
                connected++;
            }
            send(
                    remote.getAddress(),
                    from.getAddress(),
                    delay(),
                    () -> told.accept(taken ? null : new ConnectException("Connection refused")));
        });
        return near;
    }
}
