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

    /** The dark addresses: data to them is lost silently. */
    private final Set<InetAddress> dark = new HashSet<>();

    /** Arrivals that wait until their way is unblocked, in order. */
    private final List<Runnable> held = new ArrayList<>();

    private int nextPort = FIRST_FREE_PORT;
    private int connected;

    /**
     * Creates a network without faults.
     *
     * @param world the world whose time it uses
     * @param mostNanos the longest delay in one direction
     */
    Network(World world, long mostNanos) {
        this.world = world;
        this.mostNanos = mostNanos;
    }

    World world() {
        return world;
    }

    /** A random delay in one direction. */
    long delay() {
        return world.between(LEAST_NANOS, mostNanos);
    }

    /** Makes the network fast from now on. */
    void hasten() {
        mostNanos = Math.min(mostNanos, FAST_NANOS);
    }

    /** Adds a machine with a name and an address. */
    void add(String name, InetAddress at) {
        names.put(name, at);
        dark.remove(at);
    }

    /** The address of a name; null if there is none. */
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

    /** The number of connections that were established. */
    int connected() {
        return connected;
    }

    /** Blocks one direction: what is sent waits, as it does in TCP. */
    void block(InetAddress from, InetAddress to) {
        blocked.add(new Way(from, to));
    }

    /** Unblocks everything; what waited arrives. */
    void unblockAll() {
        blocked.clear();
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(each -> world.after(delay(), each));
    }

    /** Runs a task when the data arrives. */
    void send(InetAddress from, InetAddress to, long afterNanos, Runnable arrival) {
        world.after(afterNanos, () -> {
            if (blocked.contains(new Way(from, to))) {
                held.add(arrival);
            } else {
                arrival.run();
            }
        });
    }

    /** An unused port at an address. */
    InetSocketAddress free(InetAddress at) {
        return new InetSocketAddress(at, nextPort++);
    }

    /** Starts listening; false if the address is in use. */
    boolean listen(InetSocketAddress at, ListeningChannel listener) {
        return listeners.putIfAbsent(at, listener) == null;
    }

    void stopListening(InetSocketAddress at) {
        listeners.remove(at);
    }

    /**
     * Connects.
     *
     * @param from the local address
     * @param remote the remote address
     * @param told receives the result: a failure, or null
     * @return the local end of the connection
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
