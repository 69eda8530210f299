package org.minip2p.core.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;

/**
 * A TCP relay on loopback that is as far away from both ends as a test wants: it delays every byte of each direction by the same time and
 * lets as many be on their way as such a distance holds. It can also limit how many pass in a second.
 *
 * <h2>What it cannot delay</h2>
 * The kernel answers the dialer's SYN at once: a connect through the relay takes no time, and everything after it happens one round trip
 * earlier than it would at that distance. So time from the accept on, plus one round trip, is time from the dial on. What the relay does
 * is connect to the listener one way later, when the dialer's last segment of the TCP handshake would have come.
 *
 * <h2>Flights</h2>
 * It numbers what passes by what can have caused it. Flight 1 is the SYN, 2 its answer; a byte belongs to the flight after the last one
 * that its sender has received something of. So two flights are one round trip, and an end that says two things without waiting in
 * between says them in one flight. The count is never too low. It is too high only when an end takes longer than the relay's delay to say
 * what it could have said at once: with a long delay it does not depend on how busy the machine is.
 *
 * <p>Thread-safe. Blocking sockets, four threads a connection.
 */
public final class DelayingRelay implements AutoCloseable {
    /** What is on its way at most, by default, in bytes: 9 Gbit/s over a round trip of 60 ms. */
    public static final int DEFAULT_QUEUE_BYTES = 32 << 20;

    /** A piece that passes while the rate is limited, in bytes. */
    private static final int PIECE_BYTES = 16_384;

    /** How far a limited rate may catch up after the relay's thread was late. */
    private static final long CATCH_UP_NANOS = 5_000_000;

    /** The kernel's buffers of a relay with less room than this are small, too, in bytes: what waits is to wait in the ends. */
    private static final int SMALL_QUEUE_BYTES = 1 << 20;

    private static final int SMALL_BUFFER_BYTES = 65_536;

    private final ServerSocketChannel listener;
    private final InetSocketAddress target;
    private final Settings settings;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Link> accepted = new LinkedBlockingQueue<>();

    /**
     * What a relay does to bytes.
     *
     * @param oneWay how long each takes
     * @param bytesPerSecond how many pass in a second, in each direction
     * @param queueBytes how many may be on their way, in each direction
     */
    public record Settings(Duration oneWay, long bytesPerSecond, int queueBytes) {
        /** A distance alone. */
        public static Settings roundTrip(Duration roundTrip) {
            return new Settings(roundTrip.dividedBy(2), Long.MAX_VALUE, DEFAULT_QUEUE_BYTES);
        }

        /** These with a limit of the rate. */
        public Settings withBytesPerSecond(long value) {
            return new Settings(oneWay, value, queueBytes);
        }

        /** These with room for fewer or more bytes. */
        public Settings withQueueBytes(int value) {
            return new Settings(oneWay, bytesPerSecond, value);
        }
    }

    /**
     * Starts a relay to an address.
     *
     * @throws IOException when there is no port to listen on
     */
    public DelayingRelay(InetSocketAddress target, Settings settings) throws IOException {
        this.target = target;
        this.settings = settings;
        this.listener = ServerSocketChannel.open();
        if (settings.queueBytes < SMALL_QUEUE_BYTES) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES); // accepted sockets inherit it
        }
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        start("accept", this::accept);
    }

    /**
     * Starts a relay to a listener on this machine.
     *
     * @param listening its address, of TCP
     * @throws IOException when there is no port to listen on
     */
    public static DelayingRelay to(Multiaddr listening, Settings settings) throws IOException {
        int port = listening
                .tcp()
                .orElseThrow(() -> new IllegalArgumentException("not of TCP: " + listening))
                .port();
        return new DelayingRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), settings);
    }

    /** Where to dial instead. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException closed) {
            throw new IllegalStateException("the relay is closed", closed);
        }
    }

    /** Where to dial instead of a listener's address: the same peer, if that names one. */
    public Multiaddr address(Multiaddr behind) {
        Multiaddr own = Multiaddr.ofTcp(address());
        return behind.peerId().map(own::withPeerId).orElse(own);
    }

    /** Every connection there was, in the order in which they came. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** The next connection that nobody has asked for; waits up to ten seconds. */
    public Link next() throws InterruptedException {
        Link link = accepted.poll(10, TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("nobody has dialed the relay");
        }
        return link;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel dialer = listener.accept();
                prepare(dialer);
                Link link = new Link(dialer);
                links.add(link);
                accepted.add(link);
                link.begin();
            }
        } catch (IOException closed) {
            // The relay is closed.
        }
    }

    private void prepare(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (settings.queueBytes < SMALL_QUEUE_BYTES) {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER_BYTES);
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        links.forEach(Link::cut);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "delaying-relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(@Nullable AutoCloseable socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (Exception ignored) {
                // It is closed, then.
            }
        }
    }

    /** Which end of a connection. */
    public enum End {
        /** The end that dialed the relay. */
        DIALER,
        /** The end that the relay dialed. */
        LISTENER
    }

    /**
     * Bytes that were handed to an end.
     *
     * @param flight the flight that the last of them belonged to
     * @param endByte how many the end has got in all
     * @param sinceAccept when, counted from the accept of the dialer's connection
     */
    public record Delivery(int flight, long endByte, Duration sinceAccept) {
        /** In round trips from the dial on; those of TCP count. */
        public double roundTrips() {
            return flight / 2.0;
        }
    }

    /** One connection through the relay. */
    public final class Link {
        private final SocketChannel dialer;
        private final long acceptedNanos = System.nanoTime();
        private final Direction forward = new Direction();
        private final Direction backward = new Direction();

        /** The last flight of which each end has got something; the listener has its connection by the third segment of TCP. */
        private final AtomicInteger atDialer = new AtomicInteger(2);

        private final AtomicInteger atListener = new AtomicInteger(3);
        private volatile @Nullable SocketChannel accepting;
        private volatile boolean cut;

        private Link(SocketChannel dialer) {
            this.dialer = dialer;
        }

        private void begin() {
            start("in", () -> forward.read(dialer, atDialer));
            start("out", this::connect);
        }

        /** On the thread that later writes forward. */
        private void connect() {
            long due = acceptedNanos + settings.oneWay.toNanos();
            for (long left = due - System.nanoTime(); left > 0 && !cut; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            try {
                SocketChannel listening = SocketChannel.open();
                accepting = listening;
                if (cut) {
                    listening.close();
                }
                prepare(listening);
                listening.connect(target);
                start("in", () -> backward.read(listening, atListener));
                start("out", () -> backward.write(dialer, atDialer));
                forward.write(listening, atListener);
            } catch (IOException refused) {
                cut();
            }
        }

        /** The last flight of which an end has got something. */
        public int flight(End end) {
            return (end == End.DIALER ? atDialer : atListener).get();
        }

        /** How many bytes an end has got. */
        public long bytes(End end) {
            return direction(end).delivered;
        }

        /** The most bytes that were on their way to an end at once. */
        public long mostOnTheWay(End end) {
            return direction(end).line.most();
        }

        /** When an end got a byte, by its number from 1 on; empty if it did not, or if that was too long after the first ones. */
        public Optional<Delivery> delivery(End end, long byteNumber) {
            return direction(end).delivery(byteNumber);
        }

        /** Closes both sockets at once. */
        public void cut() {
            cut = true;
            forward.line.breakOff();
            backward.line.breakOff();
            closeQuietly(dialer);
            closeQuietly(accepting);
        }

        private Direction direction(End to) {
            return to == End.DIALER ? backward : forward;
        }

        /** What goes one way: a thread that reads, bytes on their way, a thread that writes. */
        private final class Direction {
            private static final int LOGGED = 4096;

            private final DelayLine line = new DelayLine(settings.queueBytes, settings.oneWay.toNanos());
            private final List<Delivery> log = new ArrayList<>();
            private final AtomicInteger over = new AtomicInteger();
            private volatile long delivered;
            private long nextPieceNanos = System.nanoTime();

            void read(SocketChannel from, AtomicInteger senderHas) {
                try {
                    for (ByteBuffer room; (room = line.room()) != null; ) {
                        int read = from.read(room);
                        if (read < 0) {
                            line.end();
                            return;
                        }
                        line.add(read, senderHas.get() + 1);
                    }
                } catch (IOException gone) {
                    cut();
                }
            }

            void write(SocketChannel target, AtomicInteger receiverHas) {
                boolean limited = settings.bytesPerSecond < Long.MAX_VALUE;
                try {
                    for (DelayLine.Due due; (due = line.due(limited ? PIECE_BYTES : Integer.MAX_VALUE / 2)) != null; ) {
                        ByteBuffer bytes = due.bytes();
                        int length = bytes.remaining();
                        if (limited) {
                            awaitTurn(length);
                        }
                        int flight = due.flight();
                        receiverHas.accumulateAndGet(flight, Math::max); // before: the answer may come at once
                        deliver(flight, length);
                        while (bytes.hasRemaining()) {
                            target.write(bytes);
                        }
                        line.sent(length);
                    }
                    if (!line.isBroken()) {
                        target.shutdownOutput();
                        over.set(1);
                        closeIfOver();
                    }
                } catch (IOException gone) {
                    cut();
                }
            }

            private void deliver(int flight, int length) {
                long endByte = delivered + length;
                delivered = endByte;
                synchronized (log) {
                    if (log.size() < LOGGED) {
                        log.add(new Delivery(flight, endByte, Duration.ofNanos(System.nanoTime() - acceptedNanos)));
                    }
                }
            }

            Optional<Delivery> delivery(long byteNumber) {
                synchronized (log) {
                    return log.stream()
                            .filter(each -> each.endByte >= byteNumber)
                            .findFirst();
                }
            }

            private void awaitTurn(int bytes) {
                long now = System.nanoTime();
                nextPieceNanos = Math.max(nextPieceNanos, now - CATCH_UP_NANOS);
                while (nextPieceNanos - now > 0 && !cut) {
                    LockSupport.parkNanos(nextPieceNanos - now);
                    now = System.nanoTime();
                }
                nextPieceNanos += (long) (bytes * 1e9 / settings.bytesPerSecond);
            }

            private void closeIfOver() {
                if (forward.over.get() + backward.over.get() == 2) {
                    cut();
                }
            }
        }
    }
}
