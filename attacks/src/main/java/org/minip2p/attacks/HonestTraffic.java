package org.minip2p.attacks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.protocols.Ping;

/** The steady traffic of an honest peer over one connection, which is dialed again when it is lost. Thread-safe. */
final class HonestTraffic {
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final long PING_MILLIS = 20;
    private static final long ECHO_MILLIS = 500;
    private static final int ECHO_BYTES = 64 * 1024;
    private static final long PATIENCE_SECONDS = 10;
    private static final int FIRST_DIALS = 4;
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Host host;
    private final Ping ping;
    private final Multiaddr victim;

    private Histogram nanos = new Histogram(MAX_NANOS, 3); // guarded by this, like all fields up to the connection
    private long failures;
    private long lost;
    private long echoes;
    private String firstFailure = "";

    private volatile Connection connection;

    HonestTraffic(Host host, Ping ping, Multiaddr victim) throws Exception {
        this.host = host;
        this.ping = ping;
        this.victim = victim;
        this.connection = dialFirst();
    }

    /** On a busy machine, the first handshake of two new processes may exceed its deadline, so the first dial is repeated. */
    private Connection dialFirst() throws InterruptedException, ExecutionException, TimeoutException {
        for (int attempt = 1; attempt < FIRST_DIALS; attempt++) {
            try {
                return dial();
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("attempt " + attempt + ": " + e);
            }
        }
        return dial();
    }

    private Connection dial() throws InterruptedException, ExecutionException, TimeoutException {
        return host.dial(victim, DialOptions.toAnyPeer()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void start() {
        repeat("pings", PING_MILLIS, this::pingOnce);
        repeat("echoes", ECHO_MILLIS, this::echoOnce);
    }

    private interface Call {
        void run() throws Exception;
    }

    private void repeat(String name, long millis, Call call) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            attempt(name, call);
                            Thread.sleep(millis);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void attempt(String name, Call call) throws InterruptedException {
        try {
            call.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            failed(name, cause.toString());
            redial();
        }
    }

    private void pingOnce() throws Exception {
        long begun = System.nanoTime();
        Duration unused = ping.ping(connection).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        pinged(System.nanoTime() - begun);
    }

    /** Also counts the pings that were due while this one waited. */
    private synchronized void pinged(long taken) {
        nanos.recordValueWithExpectedInterval(Math.min(taken, MAX_NANOS), TimeUnit.MILLISECONDS.toNanos(PING_MILLIS));
    }

    private void echoOnce() throws IOException {
        try (BlockingStream stream =
                BlockingStream.open(connection, ECHO).timeout(Duration.ofSeconds(PATIENCE_SECONDS))) {
            stream.outputStream().write(new byte[ECHO_BYTES]);
            int came = stream.inputStream().readNBytes(ECHO_BYTES).length;
            if (came != ECHO_BYTES) {
                throw new IOException("expected " + ECHO_BYTES + " bytes back, got " + came);
            }
        }
        synchronized (this) {
            echoes++;
        }
    }

    private synchronized void failed(String what, String why) {
        failures++;
        if (firstFailure.isEmpty()) {
            firstFailure = what + ": " + why;
        }
    }

    private synchronized void redial() throws InterruptedException {
        if (connection.isOpen()) {
            return;
        }
        lost++;
        firstFailure += "; lost: " + connection.closed().getNow(null);
        try {
            connection = dial();
        } catch (ExecutionException | TimeoutException e) {
            firstFailure += "; not in again: " + e;
        }
    }

    /** Begins a new window and forgets the last one. */
    synchronized void begin() {
        nanos = new Histogram(MAX_NANOS, 3);
        failures = 0;
        lost = 0;
        echoes = 0;
        firstFailure = "";
    }

    /** What happened since {@link #begin}. */
    synchronized Map<String, Object> end() {
        Map<String, Object> window = new LinkedHashMap<>();
        window.put("event", "window");
        window.put("pings", nanos.getTotalCount());
        window.put("p50Micros", nanos.getValueAtPercentile(50) / 1_000);
        window.put("p99Micros", nanos.getValueAtPercentile(99) / 1_000);
        window.put("maxMicros", nanos.getMaxValue() / 1_000);
        window.put("echoes", echoes);
        window.put("failures", failures);
        window.put("lost", lost);
        window.put("firstFailure", firstFailure);
        return window;
    }
}
