package org.minip2p.attacks.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.minip2p.host.LoopbackHost;

/** Where an attack takes place: the victim, addresses to attack from, and the time until it is over. Thread-safe. */
public final class Battlefield {
    private static final int FIRST_NETWORK = 64;
    private static final int PER_NETWORK = 250;
    private static final long AFTER_A_FAILURE_MILLIS = 20;
    private static final int THREAD_STACK_BYTES = 1 << 18;

    private final InetSocketAddress victim;
    private final Tally tally;
    private final long endNanos;

    /**
     * Creates the battlefield of an attack that begins now.
     *
     * @param victim the address of the victim
     * @param duration how long the attack takes
     * @param tally counts what is done
     */
    public Battlefield(InetSocketAddress victim, Duration duration, Tally tally) {
        this.victim = victim;
        this.tally = tally;
        this.endNanos = System.nanoTime() + duration.toNanos();
    }

    /** What one thread of an attack does, again and again. */
    @FunctionalInterface
    interface Blow {
        /**
         * Strikes once, or until the connection ends.
         *
         * @param thread which thread, from 0
         * @throws IOException when the victim has ended the connection
         */
        void strike(int thread) throws IOException, InterruptedException;
    }

    /** Whether the time is over. */
    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** The time left, in milliseconds; 0 when the time is over. Blows that are counted later may be missed. */
    long leftMillis() {
        return Math.max(0, (endNanos - System.nanoTime()) / 1_000_000);
    }

    /** Waits, but not beyond the end of the attack. */
    void pause(long millis) throws InterruptedException {
        Thread.sleep(Math.min(millis, leftMillis()));
    }

    Tally tally() {
        return tally;
    }

    /** One of many unrelated IPv4 addresses. */
    static InetAddress address(int number) {
        return ip(FIRST_NETWORK, number / PER_NETWORK, 1 + number % PER_NETWORK);
    }

    /** One of the addresses of an IPv6 site: 250 in each of 256 sites. */
    static InetAddress ofSite(int site, int number) {
        return ip(LoopbackHost.FIRST_SITE, site, 1 + number % PER_NETWORK);
    }

    private static InetAddress ip(int second, int third, int fourth) {
        try {
            return InetAddress.getByAddress(new byte[] {127, (byte) second, (byte) third, (byte) fourth});
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }

    /** Opens a socket that has not sent anything. */
    Wire connect(InetAddress from) throws IOException {
        return Wire.connect(victim, from, tally);
    }

    /** Opens sockets that say nothing, so many from each address, until the time is over; a closed one is opened again. */
    void keepSilent(int addresses, int each) throws InterruptedException {
        strike(addresses * each, thread -> {
            try (Wire wire = connect(address(thread / each))) {
                tally.struck(1);
                wire.patience(0);
                wire.awaitEnd();
            }
        });
    }

    /** Opens a connection and reads nothing from it. */
    Wire secure(InetAddress from, Identity identity) throws IOException {
        return secure(from, identity, 0);
    }

    /** Opens a connection with a receive buffer of the given size, and reads nothing from it. */
    Wire secure(InetAddress from, Identity identity, int receiveBuffer) throws IOException {
        Wire wire = Wire.connect(victim, from, tally, receiveBuffer);
        try {
            return wire.secure(identity);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    /** Opens the connection of a peer that reads and behaves well, except for what it is told to send. */
    Peer peer(InetAddress from) throws IOException {
        return peer(from, Identity.create(), Peer.FrameListener.NONE);
    }

    Peer peer(InetAddress from, Identity identity, Peer.FrameListener listener) throws IOException {
        return Peer.start(secure(from, identity), identity, listener);
    }

    /** Strikes from many threads at once until the time is over. A connection that the victim ends is replaced by the next blow. */
    void strike(int threads, Blow blow) throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(null, () -> repeat(number, blow), "attack " + i, THREAD_STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            started.add(thread);
        }
        for (Thread thread : started) {
            // A thread that is blocked writing to the victim is left behind; it ends with the process.
            thread.join(Math.max(1, (endNanos - System.nanoTime()) / 1_000_000));
        }
    }

    /** The same in the background. */
    Thread beside(int threads, Blow blow) {
        Thread all = new Thread(
                () -> {
                    try {
                        strike(threads, blow);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "beside");
        all.setDaemon(true);
        all.start();
        return all;
    }

    /**
     * Opens streams without a pause, on the connections of peers that reconnect when they are disconnected.
     *
     * @param peers the number of peers at once
     * @param batch the number of streams that are opened together
     * @param frames the bytes to send for the stream with this id
     */
    void stream(int peers, int batch, LongFunction<byte[]> frames) throws InterruptedException {
        strike(peers, thread -> {
            try (Peer peer = peer(address(thread))) {
                for (long stream = 1; !isOver() && !peer.hasEnded(); ) {
                    byte[][] all = new byte[batch][];
                    for (int i = 0; i < batch; i++, stream += 2) {
                        all[i] = frames.apply(stream);
                    }
                    peer.send(Frames.join(all));
                    tally.struck(batch);
                }
            }
        });
    }

    /**
     * Opens connections of well-behaved peers and keeps them; a refused connection is tried again.
     *
     * @param threads the number of threads that open connections
     * @param connections the number of connections to keep open
     * @param addresses the local address for the connection with this number
     */
    void crowd(int threads, int connections, IntFunction<InetAddress> addresses) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Queue<Peer> kept = new ConcurrentLinkedQueue<>();
        strike(threads, thread -> {
            kept.removeIf(Peer::hasEnded);
            if (kept.size() >= connections) {
                pause(100);
                return;
            }
            tally.struck(1);
            kept.add(peer(addresses.apply(next.getAndIncrement() % connections)));
        });
    }

    /** Waits until the victim has closed the peer's connection, or the time is over. */
    void waitForEnd(Peer peer) throws InterruptedException {
        while (!isOver() && !peer.hasEnded()) {
            pause(50);
        }
    }

    private void repeat(int thread, Blow blow) {
        try {
            while (!isOver()) {
                try {
                    blow.strike(thread);
                } catch (IOException e) {
                    tally.ended(e);
                    pause(AFTER_A_FAILURE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
