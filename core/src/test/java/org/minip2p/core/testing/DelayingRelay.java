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
 * A TCP relay on loopback that simulates a distance between both ends. It delays every byte in each direction by the
 * same time, and allows as many bytes in flight as fit into such a distance. It can also limit the rate.
 *
 * <h2>What it cannot delay</h2>
 * The kernel answers the dialer's SYN at once. So a connect through the relay takes no time, and everything after it
 * happens one round trip earlier than it would at that distance. To get the time since the dial, add one round trip to
 * the time since the accept. The relay connects to the listener after the one-way delay, when the dialer's last segment
 * of the TCP handshake would have arrived.
 *
 * <h2>Flights</h2>
 * The relay numbers the bytes by what can have caused them. Flight 1 is the SYN, flight 2 its answer. A byte belongs to
 * the flight after the latest flight from which its sender has received something. So two flights are one round trip,
 * and an end that sends two messages without waiting in between sends them in one flight. The count is never too low.
 * It is too high only if an end takes longer than the relay's delay to send what it could have sent at once. So with a
 * long delay it does not depend on how busy the machine is.
 *
 * <p>Thread-safe. It uses blocking sockets, and four threads per connection.
 */
public final class DelayingRelay implements AutoCloseable {
    /** The default limit of bytes in flight in each direction, enough for 9 Gbit/s with a one-way delay of 30 ms. */
    public static final int DEFAULT_QUEUE_BYTES = 32 << 20;

    /** The size in bytes of the pieces that pass while the rate is limited. */
    private static final int PIECE_BYTES = 16_384;

    /** How far a limited rate may catch up after the relay's thread was late. */
    private static final long CATCH_UP_NANOS = 5_000_000;

    /**
     * A relay with less room than this many bytes also gets small kernel buffers, so that waiting bytes wait in the
     * ends.
     */
    private static final int SMALL_QUEUE_BYTES = 1 << 20;

    private static final int SMALL_BUFFER_BYTES = 65_536;

    private final ServerSocketChannel listener;
    private final InetSocketAddress target;
    private final Settings settings;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Link> accepted = new LinkedBlockingQueue<>();

    /**
     * The delay and the limits of a relay.
     *
     * @param oneWay the delay of each byte
     * @param bytesPerSecond the maximum rate in each direction
     * @param queueBytes the maximum number of bytes in flight in each direction
     */
    public record Settings(Duration oneWay, long bytesPerSecond, int queueBytes) {
        /** A delay without a limit of the rate. */
        public static Settings roundTrip(Duration roundTrip) {
            return new Settings(roundTrip.dividedBy(2), Long.MAX_VALUE, DEFAULT_QUEUE_BYTES);
        }

        /** These settings with a limit of the rate. */
        public Settings withBytesPerSecond(long value) {
            return new Settings(oneWay, value, queueBytes);
        }

        /** These settings with another limit of bytes in flight. */
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
     * @param listening the listener's TCP address
     * @throws IOException when there is no port to listen on
     */
    public static DelayingRelay to(Multiaddr listening, Settings settings) throws IOException {
        int port = listening
                .tcp()
                .orElseThrow(() -> new IllegalArgumentException("not of TCP: " + listening))
                .port();
        return new DelayingRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), settings);
    }

    /** The address to dial instead of the target. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException closed) {
            throw new IllegalStateException("the relay is closed", closed);
        }
    }

    /**
     * The address to dial instead of a listener's address. It names the same peer, if the listener's address names one.
     */
    public Multiaddr address(Multiaddr behind) {
        Multiaddr own = Multiaddr.ofTcp(address());
        return behind.peerId().map(own::withPeerId).orElse(own);
    }

    /** All connections so far, in the order in which they were accepted. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** The next connection that no earlier call returned. Waits up to ten seconds. */
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
                // It is closed in any case.
            }
        }
    }

    /** An end of a connection. */
    public enum End {
        /** The end that dialed the relay. */
        DIALER,
        /** The end that the relay dialed. */
        LISTENER
    }

    /**
     * A delivery of bytes to an end.
     *
     * @param flight the flight of the last of these bytes
     * @param endByte how many bytes the end has received in total
     * @param sinceAccept the time of the delivery since the accept of the dialer's connection
     */
    public record Delivery(int flight, long endByte, Duration sinceAccept) {
        /** The time in round trips since the dial, including those of TCP. */
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

        /**
         * The last flight from which each end has received something. The listener's end starts at 3, since the third
         * segment of TCP completes its connection.
         */
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

        /** Connects to the listener. Runs on the thread that later writes forward. */
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

        /** The last flight from which an end has received something. */
        public int flight(End end) {
            return (end == End.DIALER ? atDialer : atListener).get();
        }

        /** How many bytes an end has received. */
        public long bytes(End end) {
            return direction(end).delivered;
        }

        /** The most bytes that were in flight to an end at once. */
        public long mostOnTheWay(End end) {
            return direction(end).line.most();
        }

        /**
         * The delivery of a byte to an end, by its number from 1. Empty if it was not delivered, or so late that it was
         * not recorded.
         */
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

        /** One direction: a thread that reads, the bytes in flight, and a thread that writes. */
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
                        receiverHas.accumulateAndGet(flight, Math::max); // first, since the answer may come at once
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
