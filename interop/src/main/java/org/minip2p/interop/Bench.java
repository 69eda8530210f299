package org.minip2p.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;

/**
 * The workplace of a cell: creates our nodes and the peer's processes, and ends all of them when it is closed. Another thread may close it
 * while the cell still runs.
 */
final class Bench implements AutoCloseable {
    private static final int LINES = 12;

    private final Peers peer;
    private final Scale scale;
    private final Supplier<RunningListener> shared;
    private final Deque<AutoCloseable> made = new ArrayDeque<>(); // guarded by itself
    private final List<PeerProcess> processes = new ArrayList<>(); // guarded by made
    private boolean isClosed; // guarded by made

    /**
     * Creates an empty bench.
     *
     * @param peer the peer of the cell
     * @param scale how much is done
     * @param shared supplies a listener of the peer that other cells use, too
     */
    Bench(Peers peer, Scale scale, Supplier<RunningListener> shared) {
        this.peer = peer;
        this.scale = scale;
        this.shared = shared;
    }

    Peers peer() {
        return peer;
    }

    Scale scale() {
        return scale;
    }

    // ---- Our side --------------------------------------------------------------------------------------------------

    OurNode node() {
        return node(HostConfig.defaults());
    }

    OurNode node(HostConfig config) {
        return keep(OurNode.start(config));
    }

    OurNode node(KeyType type) {
        return keep(OurNode.start(HostConfig.defaults(), PrivateKey.generate(type)));
    }

    /** Creates a node with the node-info handshake, on this network. */
    OurNode nodeOn(String networkId) {
        return keep(OurNode.startOnNetwork(networkId, forEarlyEnds()));
    }

    /**
     * The config for requests whose end does not wait for an answer: nothing is sent to js-libp2p before it has confirmed the protocol,
     * since it sometimes misses an end that arrives together with the negotiation.
     */
    HostConfig forEarlyEnds() {
        return HostConfig.defaults().with(HostConfig.PIPELINING, !peer.isJs());
    }

    /** An echo request whose end the peer does not miss. */
    RequestHandler echoRequest(int bytes) {
        return peer.isJs() && bytes > 0 ? RequestHandler.endingAfterTheFirstAnswer(bytes) : new RequestHandler(bytes);
    }

    /** Performs one echo on a new stream. */
    void echo(OurNode node, Connection connection, int bytes) {
        Check.echo(OurNode.await(node.request(connection, OurNode.ECHO, echoRequest(bytes))));
    }

    // ---- The peer's side -------------------------------------------------------------------------------------------

    /** The listener that other cells use, too. */
    RunningListener listener() {
        RunningListener listener = shared.get();
        note(listener.process());
        return listener;
    }

    /** Starts a listener for this cell alone. */
    RunningListener listener(String... options) {
        RunningListener listener = keep(RunningListener.start(peer, options));
        note(listener.process());
        return listener;
    }

    /** Starts one operation of the peer against an address. */
    PeerProcess startDial(String address, String operation, String... options) {
        PeerProcess process = keep(peer.startDial(address, operation, options));
        note(process);
        return process;
    }

    /** Runs one operation of the peer against an address; returns its result, good or bad. */
    JsonLine dial(String address, String operation, String... options) {
        return startDial(address, operation, options).awaitResult(Peers.OPERATION);
    }

    /** Runs one operation of the peer against our node, which must succeed. */
    JsonLine dials(OurNode node, String operation, String... options) {
        return Check.ok(dial(node.address(), operation, options));
    }

    /** Writes a private key to a file; returns its name. */
    String keyFile(PrivateKey key) throws IOException {
        Path file = Files.createTempFile("minip2p-interop", ".key");
        keep(() -> Files.deleteIfExists(file));
        return Files.write(file, key.encoded()).toString();
    }

    /** Registers something to close at the end. */
    <T extends AutoCloseable> T keep(T closeable) {
        synchronized (made) {
            if (!isClosed) {
                made.push(closeable);
                return closeable;
            }
        }
        close(closeable);
        throw new IllegalStateException("the cell has ended");
    }

    private void note(PeerProcess process) {
        synchronized (made) {
            processes.remove(process);
            processes.add(process);
        }
    }

    /** The last lines that the peer's processes printed. */
    String lastLines() {
        List<String> lines;
        synchronized (made) {
            lines = processes.stream()
                    .flatMap(process -> process.lastOutput().lines())
                    .toList();
        }
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    /** Waits; ends early with an error when the cell is closed. */
    static void pass(Duration time) throws InterruptedException {
        Object nobody = new Object();
        long end = System.nanoTime() + time.toNanos();
        synchronized (nobody) {
            for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                nobody.wait(left);
            }
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> all;
        synchronized (made) {
            isClosed = true;
            all = new ArrayList<>(made);
            made.clear();
        }
        all.forEach(Bench::close);
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception | AssertionError e) {
            System.err.println("failure while cleaning up a cell: " + e);
        }
    }
}
