package org.minip2p.simulation;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolContext;

/**
 * Checks, by its frames, the exchanges of node info that one host has started: one at a time with each peer (invariant 3 of the handshake).
 * Exchanges on closing connections, and those past their deadline, count as ended: their last frame may still be waiting to be sent.
 */
final class Exchanges implements ProtocolContext.ConnectionObserver {
    private static final long DEADLINE_NANOS =
            HandshakeOptions.defaults().exchangeDeadline().toNanos();

    private final World world;
    private final Node node;

    /** The taps, by the id of their connection. */
    private final Map<Long, FrameTap> taps = new LinkedHashMap<>();

    /** Faults already reported, so that each is reported once. */
    private final Set<String> told = new HashSet<>();

    Exchanges(World world, Node node) {
        this.world = world;
        this.node = node;
    }

    /** Installs the taps when the host is about to decide on a connection, before it reads or writes a frame. */
    void decided() {
        for (StreamSocketChannel each : node.machine().sockets()) {
            if (each.isActive() && each.isRegistered()) {
                each.eventLoop().execute(() -> FrameTap.install(node, each));
            }
        }
    }

    @Override
    public void established(Connection connection, int numEstablished) {
        connection.eventLoop().execute(() -> find(connection)); // after the task that installs the tap
    }

    private void find(Connection connection) {
        for (StreamSocketChannel each : node.machine().sockets()) {
            FrameTap tap = each.pipeline().get(FrameTap.class);
            Socket socket = each.socket();
            if (tap != null
                    && socket != null
                    && is(socket.local(), connection.localAddress().toString())
                    && is(socket.remote(), connection.remoteAddress().toString())) {
                tap.established(connection);
                if (connection.isOpen()) {
                    taps.put(connection.id(), tap);
                }
            }
        }
    }

    private static boolean is(InetSocketAddress address, String multiaddr) {
        String text = "/ip4/" + address.getAddress().getHostAddress() + "/tcp/" + address.getPort();
        return multiaddr.equals(text) || multiaddr.startsWith(text + "/");
    }

    @Override
    public void closed(Connection connection, int numEstablished, CloseCause cause) {
        taps.remove(connection.id());
    }

    /**
     * Checks that each peer has at most one exchange in flight. Called while no worker has anything to do, when all decisions have been
     * sent.
     */
    void look() {
        Map<String, String> inFlight = new LinkedHashMap<>();
        for (Map.Entry<Long, FrameTap> each : taps.entrySet()) {
            for (FrameTap.Exchange exchange : each.getValue().exchanges()) {
                Connection connection = each.getValue().connection();
                if (connection != null && isInFlight(each.getValue(), connection, exchange)) {
                    String here = "stream " + exchange.stream() + " of connection " + each.getKey();
                    String other = inFlight.putIfAbsent(connection.remotePeer().toString(), here);
                    if (other != null && told.add(other + here)) {
                        world.fault(node.name() + " has two exchanges of its own with a peer in flight: " + other + ", "
                                + here);
                    }
                }
            }
        }
    }

    private boolean isInFlight(FrameTap tap, Connection connection, FrameTap.Exchange exchange) {
        return connection.isOpen()
                && tap.isPrompt()
                && node.clock().nanoTime() - exchange.beganNanos() < DEADLINE_NANOS;
    }
}
