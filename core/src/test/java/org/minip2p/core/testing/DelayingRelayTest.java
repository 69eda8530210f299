package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.DelayingRelay.End;
import org.minip2p.core.testing.DelayingRelay.Settings;

class DelayingRelayTest {
    private static final Duration LONG = Duration.ofMillis(200);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocket listener = listen();

    @AfterEach
    void stop() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    @Test
    void carriesEveryByteOfBothDirectionsInOrderAndThenTheEnd() throws Exception {
        try (DelayingRelay relay =
                        relay(Settings.roundTrip(Duration.ofMillis(4)).withQueueBytes(1 << 20));
                Socket dialer = dial(relay);
                Socket accepted = listener.accept()) {
            byte[] up = random(1, 5_000_000);
            byte[] down = random(2, 3_000_000);
            CompletableFuture<byte[]> gotUp = send(dialer, up, accepted);
            CompletableFuture<byte[]> gotDown = send(accepted, down, dialer);

            assertThat(get(gotUp)).isEqualTo(up);
            assertThat(get(gotDown)).isEqualTo(down);
            assertThat(relay.next().bytes(End.LISTENER)).isEqualTo(up.length);
        }
    }

    @Test
    void keepsOneDirectionGoingWhenTheOtherHasEnded() throws Exception {
        try (DelayingRelay relay = relay(Settings.roundTrip(Duration.ofMillis(4)));
                Socket dialer = dial(relay);
                Socket accepted = listener.accept()) {
            dialer.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);

            accepted.getOutputStream().write(7);
            accepted.shutdownOutput();

            assertThat(dialer.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void delaysEachByteAndTheConnection() throws Exception {
        long began = System.nanoTime();
        try (DelayingRelay relay = relay(Settings.roundTrip(LONG));
                Socket dialer = dial(relay)) {
            dialer.getOutputStream().write(1);
            try (Socket accepted = listener.accept()) {
                assertThat(since(began)).isGreaterThanOrEqualTo(LONG.dividedBy(2));
                assertThat(accepted.getInputStream().read()).isEqualTo(1);
                for (int i = 2; i < 5; i++) {
                    long sent = System.nanoTime();
                    accepted.getOutputStream().write(i);
                    assertThat(dialer.getInputStream().read()).isEqualTo(i);
                    assertThat(since(sent)).isGreaterThanOrEqualTo(LONG.dividedBy(2));
                    sent = System.nanoTime();
                    dialer.getOutputStream().write(i);
                    assertThat(accepted.getInputStream().read()).isEqualTo(i);
                    assertThat(since(sent)).isGreaterThanOrEqualTo(LONG.dividedBy(2));
                }
            }
        }
    }

    @Test
    void takesMuchBeforeTheFirstByteHasArrived() throws Exception {
        int bytes = 16 << 20;
        try (DelayingRelay relay = relay(Settings.roundTrip(Duration.ofSeconds(4)));
                Socket dialer = dial(relay)) {
            DelayingRelay.Link link = relay.next();
            CompletableFuture<Long> arrivedWhenWritten = CompletableFuture.supplyAsync(
                    () -> {
                        write(dialer, new byte[bytes]);
                        return link.bytes(End.LISTENER);
                    },
                    threads);

            assertThat(get(arrivedWhenWritten)).isZero();
        }
    }

    @Test
    void holdsNoMoreThanItsQueue() throws Exception {
        int queue = 1 << 20;
        try (DelayingRelay relay =
                        relay(Settings.roundTrip(Duration.ofMillis(2)).withQueueBytes(queue));
                SocketChannel dialer = SocketChannel.open(relay.address());
                Socket accepted = listener.accept()) {
            DelayingRelay.Link link = relay.next();
            dialer.configureBlocking(false);
            long written = 0;
            long lastTaken = System.nanoTime();
            while (since(lastTaken).toMillis() < 300) { // the other end does not read, so this must end
                int taken = dialer.write(ByteBuffer.allocate(65_536));
                written += taken;
                lastTaken = taken > 0 ? System.nanoTime() : lastTaken;
                Thread.onSpinWait();
            }
            assertThat(link.mostOnTheWay(End.LISTENER)).isEqualTo(queue);

            dialer.shutdownOutput();
            assertThat(accepted.getInputStream().skip(Long.MAX_VALUE)).isEqualTo(written);
        }
    }

    @Test
    void limitsTheRate() throws Exception {
        try (DelayingRelay relay =
                        relay(Settings.roundTrip(Duration.ofMillis(2)).withBytesPerSecond(4_000_000));
                Socket dialer = dial(relay);
                Socket accepted = listener.accept()) {
            long began = System.nanoTime();
            byte[] data = random(3, 2_000_000);

            assertThat(get(send(dialer, data, accepted))).isEqualTo(data);

            // The relay may catch up by 5 ms, and the last piece leaves at the beginning of its time slot.
            assertThat(since(began)).isGreaterThan(Duration.ofMillis(485));
        }
    }

    @Test
    void countsAFlightForEachAnswerAndNoneForMoreOfTheSame() throws Exception {
        try (DelayingRelay relay = relay(Settings.roundTrip(LONG));
                Socket dialer = dial(relay);
                Socket accepted = listener.accept()) {
            DelayingRelay.Link link = relay.next();
            assertThat(link.flight(End.DIALER)).as("TCP").isEqualTo(2);
            for (int roundTrip = 2; roundTrip <= 4; roundTrip++) {
                dialer.getOutputStream().write(new byte[10]);
                dialer.getOutputStream().write(new byte[10]);
                new DataInputStream(accepted.getInputStream()).readFully(new byte[20]);
                assertThat(link.flight(End.LISTENER)).isEqualTo(2 * roundTrip - 1);
                accepted.getOutputStream().write(new byte[30]);
                new DataInputStream(dialer.getInputStream()).readFully(new byte[30]);
                assertThat(link.flight(End.DIALER)).isEqualTo(2 * roundTrip);
            }

            DelayingRelay.Delivery second = link.delivery(End.DIALER, 31).orElseThrow();
            assertThat(second.roundTrips()).isEqualTo(3);
            assertThat(second.sinceAccept()).isGreaterThanOrEqualTo(LONG.multipliedBy(2));
            assertThat(link.delivery(End.DIALER, 91)).isEmpty();
        }
    }

    @Test
    void closesTheDialerWhenNobodyListens() throws Exception {
        try (DelayingRelay relay = relay(Settings.roundTrip(Duration.ofMillis(2)))) {
            listener.close();
            try (Socket dialer = dial(relay)) {
                assertThatThrownBy(() -> {
                            if (dialer.getInputStream().read() < 0) {
                                throw new IOException("the end");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    private DelayingRelay relay(Settings settings) throws IOException {
        return new DelayingRelay((InetSocketAddress) listener.getLocalSocketAddress(), settings);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Socket dial(DelayingRelay relay) throws IOException {
        return new Socket(relay.address().getAddress(), relay.address().getPort());
    }

    /** Sends data and returns everything that arrives, up to the end. */
    private CompletableFuture<byte[]> send(Socket from, byte[] data, Socket to) {
        CompletableFuture<byte[]> result = CompletableFuture.supplyAsync(() -> readAll(to), threads);
        threads.execute(() -> {
            write(from, data);
            end(from);
        });
        return result;
    }

    private static byte[] readAll(Socket from) {
        try {
            InputStream in = from.getInputStream();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket to, byte[] data) {
        try {
            to.getOutputStream().write(data);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static byte[] random(long seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
