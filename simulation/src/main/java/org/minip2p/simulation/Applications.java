package org.minip2p.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.KeptConnection;
import org.minip2p.host.Lease;

/** What the applications on the hosts do. */
final class Applications {
    private static final long SECOND = 1_000_000_000L;
    static final int LONG_BYTES = 300_000;

    private final World world;
    private final Population population;
    private final SplittableRandom random;

    Applications(World world, Population population) {
        this.world = world;
        this.population = population;
        this.random = world.random();
    }

    /** Lets the application on this host do something at random. */
    void act(Node node) {
        Node.Running running = node.running();
        if (running == null) {
            return;
        }
        Connection connection = anyConnection(node);
        int what = random.nextInt(100);
        if (connection == null || what < 25) {
            dial(node, running, population.any());
        } else if (what < 35) {
            node.books().promised(node.name() + " pings", running.ping().ping(connection));
        } else if (what < 38) {
            identify(node, running, connection);
        } else if (what < 68) {
            transfer(node, connection);
        } else if (what < 75) {
            node.books().promised(node.name() + " closes " + connection.id(), connection.close());
        } else if (what < 82) {
            comeAgain(node, running, connection);
        } else if (what < 83) {
            node.books().promised(node.name() + " asks the muxer", connection.ping());
        } else if (what < 86) {
            hold(node, connection);
        } else if (what < 87) {
            keep(node, running, population.any());
        } else if (what < 89) {
            node.books().promised(node.name() + " aborts " + connection.id(), connection.abort());
        } else if (what < 91) {
            node.books().handshakes().change();
            running.handshake().askAgainAll();
        } else if (what < 93) {
            storm(node, running);
        } else if (what < 95) {
            lookUp(node);
        } else {
            Node other = population.any();
            dial(node, running, other);
            dialTo(other, node);
        }
    }

    private @Nullable Connection anyConnection(Node node) {
        List<Connection> all = node.connections();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private void identify(Node node, Node.Running running, Connection connection) {
        if (running.identify() != null) {
            node.books()
                    .promised(node.name() + " identifies", running.identify().identify(connection));
        }
    }

    private void transfer(Node node, Connection connection) {
        int size = 1 + random.nextInt(random.nextInt(5) == 0 ? 300_000 : 5_000);
        Transfer.Opening[] ways = Transfer.Opening.values();
        Transfer transfer = Transfer.start(
                node.books(),
                connection,
                size,
                random.nextInt(4) == 0 ? world.between(SECOND, 20 * SECOND) : 0,
                ways[random.nextInt(ways.length)]);
        if (random.nextInt(4) == 0) {
            world.after(world.between(0, SECOND), transfer::giveUp);
        }
    }

    /** Sends a lot of data on each of its connections. */
    void transferMuch(Node node) {
        node.connections().forEach(each -> Transfer.start(node.books(), each, LONG_BYTES, 0, Transfer.Opening.AT_ONCE));
    }

    /** Makes a second connection to a peer, closes both while they are in use, and dials again at once. */
    private void comeAgain(Node node, Node.Running running, Connection connection) {
        Node peer = population.nodes().stream()
                .filter(each -> each.peerId().equals(connection.remotePeer()))
                .findFirst()
                .orElse(null);
        if (peer == null) {
            return;
        }
        dialAnyhow(node, running, peer);
        world.after(world.between(SECOND / 5, 2 * SECOND), () -> {
            for (Connection each : running.host().connections(peer.peerId())) {
                Transfer.start(node.books(), each, LONG_BYTES, 0, Transfer.Opening.AT_ONCE);
                node.books().promised(node.name() + " closes " + each.id() + " to come again", each.close());
            }
            dialAnyhow(node, running, peer);
        });
    }

    /** All hosts dial one host, and that host dials all of them. */
    private void storm(Node node, Node.Running running) {
        int times = 1 + random.nextInt(3);
        for (Node other : List.copyOf(population.nodes())) {
            for (int i = 0; i < times; i++) {
                dialTo(other, node);
                dial(node, running, other);
            }
        }
    }

    /** Makes a host keep a peer connected for a while. */
    private void keep(Node node, Node.Running running, Node other) {
        if (other.peerId().equals(node.peerId())) {
            return;
        }
        try {
            KeptConnection kept = running.host()
                    .keepConnected(
                            other.peerId(),
                            (keeping, state) -> world.note(
                                    node.name(),
                                    "keeps " + other.name() + " "
                                            + state.getClass().getSimpleName()));
            world.after(world.between(0, 120 * SECOND), kept::close);
        } catch (HostClosedException e) {
            world.note(node.name(), "cannot keep " + other.name());
        }
    }

    /** Keeps a connection in use for a while. */
    private void hold(Node node, Connection connection) {
        try {
            Lease lease = connection.hold();
            world.after(world.between(0, 120 * SECOND), lease::close);
        } catch (ConnectionClosedException e) {
            world.note(node.name(), "cannot hold " + connection.id());
        }
    }

    /** Makes a host look up a name: to dial it, or to listen on its own name. */
    void lookUp(Node node) {
        Node.Running running = node.running();
        if (running == null) {
            return;
        }
        if (random.nextInt(3) == 0) {
            Multiaddr own = Multiaddr.parse("/dns4/" + node.domain() + "/tcp/0");
            node.books()
                    .promised(node.name() + " listens on a name", running.host().listen(own));
        } else {
            Node other = population.any();
            watch(node, other, running.host().dial(other.peerId(), List.of(other.named(), other.multiaddr())));
        }
    }

    /** Dials any host, for example so that there is something to close. */
    void dialFrom(Node node) {
        dialTo(node, population.any());
    }

    private void dialTo(Node from, Node to) {
        Node.Running running = from.running();
        if (running != null) {
            dial(from, running, to);
        }
    }

    private void dial(Node node, Node.Running running, Node other) {
        watch(node, other, running.host().dial(random.nextInt(5) == 0 ? other.named() : other.multiaddr()));
    }

    /** Dials even if there is a connection already. */
    private void dialAnyhow(Node node, Node.Running running, Node other) {
        watch(node, other, running.host().dial(other.multiaddr(), DialOptions.when(DialCondition.ALWAYS)));
    }

    private void watch(Node node, Node other, CompletableFuture<Connection> dial) {
        world.note(node.name(), "dials " + other.name());
        node.books().promised(node.name() + " dials " + other.name(), dial);
        dial.whenComplete((connection, failure) -> {
            if (failure != null) {
                node.newcomers().failed(other.peerId(), failure);
            }
        });
        if (random.nextInt(10) == 0) {
            world.after(world.between(0, SECOND), () -> dial.cancel(false));
        }
    }
}
