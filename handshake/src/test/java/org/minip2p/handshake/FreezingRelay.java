package org.minip2p.handshake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Host;

/**
 * A TCP relay on loopback that can stop passing on anything, even the ends of connections, while its sockets stay open.
 * A host sees the same when a peer's machine loses power.
 */
final class FreezingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int targetPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean frozen;

    private FreezingRelay(int targetPort) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.targetPort = targetPort;
        start(this::accept);
    }

    static FreezingRelay to(Host target) throws IOException {
        return new FreezingRelay(target.addresses().get(0).tcp().orElseThrow().port());
    }

    Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + listener.getLocalPort());
    }

    void freeze() {
        frozen = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listener.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                from.setTcpNoDelay(true);
                to.setTcpNoDelay(true);
                sockets.add(from);
                sockets.add(to);
                start(() -> pass(from, to));
                start(() -> pass(to, from));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && !frozen; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException gone) {
            // Handled below, where it depends on whether the relay is frozen.
        }
        if (!frozen) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is closed in any case.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(FreezingRelay::closeQuietly);
    }
}
