package org.minip2p.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Forwards one TCP connection, and keeps the bytes that pass. Thread-safe. */
final class Tap implements AutoCloseable {
    /**
     * Some bytes that were sent in one direction.
     *
     * @param byDialer whether the dialing side sent them
     * @param hex the bytes
     */
    record Piece(boolean byDialer, String hex) {}

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Piece> pieces = new ArrayList<>(); // guarded by itself
    private final CountDownLatch ended = new CountDownLatch(2);

    /**
     * Starts to listen.
     *
     * @param target the loopback port to which it forwards
     */
    Tap(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            Socket dialer = server.accept();
            Socket listener = new Socket(InetAddress.getLoopbackAddress(), target);
            dialer.setTcpNoDelay(true);
            listener.setTcpNoDelay(true);
            start(() -> pass(dialer, listener, true));
            start(() -> pass(listener, dialer, false));
        } catch (IOException e) {
            System.err.println("tap: " + e);
        }
    }

    private void pass(Socket from, Socket to, boolean byDialer) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (pieces) {
                    pieces.add(new Piece(byDialer, HexFormat.of().formatHex(buffer, 0, n)));
                }
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        } finally {
            ended.countDown();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    /** Waits for the end of the connection; returns the bytes that passed. */
    List<Piece> pieces() throws InterruptedException {
        if (!ended.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the recorded connection does not end");
        }
        synchronized (pieces) {
            return List.copyOf(pieces);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
