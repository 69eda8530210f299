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
 * Where a cell does its work: makes our nodes and the peer's processes, and ends them all when it is closed, which another thread may do
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
     * Makes an empty one.
     *
     * @param peer with whom
     * @param scale how much is done
     * @param shared a listener of that peer that other cells use, too
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

    /** A node that shakes hands, on this network. */
    OurNode nodeOn(String networkId) {
        return keep(OurNode.startOnNetwork(networkId, forEarlyEnds()));
    }

    /**
     * For requests whose end does not wait for an answer: with js-libp2p nothing is sent before it has confirmed the protocol. An end that
     * arrives together with the negotiation is too early for it, now and then.
     */
    HostConfig forEarlyEnds() {
        return HostConfig.defaults().with(HostConfig.PIPELINING, !peer.isJs());
    }

    /** An echo whose end is not too early for the peer. */
    RequestHandler echoRequest(int bytes) {
        return peer.isJs() && bytes > 0 ? RequestHandler.endingAfterTheFirstAnswer(bytes) : new RequestHandler(bytes);
    }

    /** One echo on a stream of its own. */
    void echo(OurNode node, Connection connection, int bytes) {
        Check.echo(OurNode.await(node.request(connection, OurNode.ECHO, echoRequest(bytes))));
    }

    // ---- The peer's side -------------------------------------------------------------------------------------------

    /** A listener that other cells use, too. */
    RunningListener listener() {
        RunningListener listener = shared.get();
        note(listener.process());
        return listener;
    }

    /** A listener of this cell alone. */
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

    /** One operation of the peer against an address, to its end, good or bad. */
    JsonLine dial(String address, String operation, String... options) {
        return startDial(address, operation, options).awaitResult(Peers.OPERATION);
    }

    /** One operation of the peer against our node, which must go well. */
    JsonLine dials(OurNode node, String operation, String... options) {
        return Check.ok(dial(node.address(), operation, options));
    }

    /** A file with a private key. */
    String keyFile(PrivateKey key) throws IOException {
        Path file = Files.createTempFile("minip2p-interop", ".key");
        keep(() -> Files.deleteIfExists(file));
        return Files.write(file, key.encoded()).toString();
    }

    /** Something else that has to be closed at the end. */
    <T extends AutoCloseable> T keep(T closeable) {
        synchronized (made) {
            if (!isClosed) {
                made.push(closeable);
                return closeable;
            }
        }
        close(closeable);
        throw new IllegalStateException("the cell is over");
    }

    private void note(PeerProcess process) {
        synchronized (made) {
            processes.remove(process);
            processes.add(process);
        }
    }

    /** What the peer's processes have printed last. */
    String lastLines() {
        List<String> lines;
        synchronized (made) {
            lines = processes.stream()
                    .flatMap(process -> process.lastOutput().lines())
                    .toList();
        }
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    /** Lets time go by; ends early, with an error, when the cell is closed. */
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
            System.err.println("while a cell was cleared away: " + e);
        }
    }
}
