package org.minip2p.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.minip2p.core.Multiaddr;

/** A TCP relay on loopback that lets only so many bytes of each direction pass, and then either cuts the connection or falls silent. */
final class Relay implements AutoCloseable {
    /** What happens when the bytes are used up. */
    enum Then {
        CUT,
        SILENCE
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long forwardBytes;
    private final long backwardBytes;
    private final Then then;
    private final int piece;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * A relay to a host.
     *
     * @param forwardBytes how many bytes of the dialer pass
     * @param backwardBytes how many bytes of the listener pass
     * @param piece the most bytes that are passed on at once
     */
    Relay(Host target, long forwardBytes, long backwardBytes, Then then, int piece) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Hosts.address(target).tcp().orElseThrow().port());
        this.forwardBytes = forwardBytes;
        this.backwardBytes = backwardBytes;
        this.then = then;
        this.piece = piece;
        start(this::accept);
    }

    Multiaddr address(Host behind) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + listener.getLocalPort()).withPeerId(behind.peerId());
    }

    /** Ends the bytes of both directions, as an orderly close of the other end's socket does. */
    void end() {
        for (Socket socket : sockets) {
            try {
                socket.shutdownOutput();
            } catch (IOException ended) {
                // Its end has passed through the relay already.
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listener.accept();
                Socket to = new Socket();
                to.connect(target);
                from.setTcpNoDelay(true);
                to.setTcpNoDelay(true);
                sockets.add(from);
                sockets.add(to);
                start(() -> pass(from, to, forwardBytes));
                start(() -> pass(to, from, backwardBytes));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to, long limit) {
        byte[] buffer = new byte[piece];
        long left = limit;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(piece, left));
                if (read < 0) {
                    to.shutdownOutput();
                    return;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
            if (then == Then.CUT) {
                from.close();
                to.close();
            }
        } catch (IOException gone) {
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
            // It is closed, then.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(Relay::closeQuietly);
    }
}
