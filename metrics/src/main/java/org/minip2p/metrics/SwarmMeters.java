package org.minip2p.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import org.minip2p.core.KeyType;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation.ConnectionClosed;
import org.minip2p.host.HostObservation.ConnectionKind;
import org.minip2p.host.HostObservation.ConnectionOpened;
import org.minip2p.host.HostObservation.DialEnded;
import org.minip2p.host.HostObservation.DialOutcome;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.SocketFault;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StagePassed;

/** Dials, sockets and connections. Thread-safe. */
final class SwarmMeters {
    private static final String TCP = "tcp";
    private static final int MOST_DIALS = 6;

    private final Meters meters;

    SwarmMeters(MeterRegistry registry) {
        this.meters = new Meters(registry);
    }

    void dialEnded(DialEnded dial) {
        String[] tags = {
            "outcome", dial.outcome() == DialOutcome.CONNECTED ? "success" : "failed",
            "num_dials", dial.sockets() < MOST_DIALS ? Integer.toString(dial.sockets()) : ">=" + MOST_DIALS
        };
        meters.counter("libp2p.swarm.dials.per.peer", "Dials by how many sockets they opened", tags)
                .increment();
        meters.seconds("libp2p.swarm.dial.latency", "How long dials took", Buckets.dials(), tags)
                .record(dial.time());
    }

    void stagePassed(StagePassed passed) {
        meters.seconds(
                        "minip2p.upgrade.stage",
                        "How long the stages of sockets took",
                        Buckets.latencies(),
                        "dir",
                        HostMetrics.direction(passed.role()),
                        "stage",
                        label(passed.stage()))
                .record(passed.time());
    }

    void socketFailed(SocketFailed failed) {
        meters.counter(
                        "minip2p.socket.failures",
                        "Sockets that did not become a connection",
                        "dir",
                        HostMetrics.direction(failed.role()),
                        "stage",
                        label(failed.stage()),
                        "reason",
                        label(failed.fault()),
                        "ip_version",
                        label(failed.ipVersion()))
                .increment();
        if (failed.role() == Role.INITIATOR && failed.stage() != Stage.PERMITTING) {
            meters.counter(
                            "libp2p.swarm.dial.errors",
                            "Dialed sockets that did not become a connection",
                            "transport",
                            TCP,
                            "error",
                            dialError(failed.fault()),
                            "ip_version",
                            label(failed.ipVersion()))
                    .increment();
        }
    }

    private static String dialError(SocketFault fault) {
        return switch (fault) {
            case CANCELLED -> "canceled";
            case TIMEOUT -> "deadline";
            case REFUSED -> "connection refused";
            case DENIED, UNREACHABLE, ADDRESS, ENDED, WRONG_PEER, PROTOCOL, HOST_CLOSED, OTHER -> "other";
        };
    }

    void connectionOpened(ConnectionOpened opened) {
        ConnectionKind kind = opened.kind();
        meters.counter("libp2p.swarm.connections.opened", "Connections that were admitted", tags(kind, true))
                .increment();
        meters.counter(
                        "libp2p.swarm.key.types",
                        "Connections by the type of the peer's key",
                        "dir",
                        HostMetrics.direction(kind.role()),
                        "key_type",
                        keyType(kind.keyType()))
                .increment();
        meters.seconds(
                        "libp2p.swarm.handshake.latency",
                        "How long sockets took to become a connection",
                        Buckets.latencies(),
                        tags(kind, false))
                .record(opened.upgrade());
    }

    void connectionClosed(ConnectionClosed closed) {
        String[] tags = tags(closed.kind(), true);
        meters.counter("libp2p.swarm.connections.closed", "Connections that have ended", tags)
                .increment();
        meters.seconds("libp2p.swarm.connection.duration", "How long connections lasted", Buckets.durations(), tags)
                .record(closed.lifetime());
        meters.counter(
                        "minip2p.connection.ends",
                        "Connections that have ended, by the reason",
                        "dir",
                        HostMetrics.direction(closed.kind().role()),
                        "reason",
                        label(closed.reason()))
                .increment();
    }

    private static String[] tags(ConnectionKind kind, boolean withDirection) {
        String[] all = {
            "dir", HostMetrics.direction(kind.role()),
            "transport", kind.transport(),
            "security", kind.security(),
            "muxer", kind.muxer(),
            "early_muxer", Boolean.toString(kind.earlyMuxer()),
            "ip_version", label(kind.ipVersion())
        };
        return withDirection ? all : Arrays.copyOfRange(all, 2, all.length);
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** As go-libp2p writes them. */
    private static String keyType(KeyType type) {
        return switch (type) {
            case RSA -> "RSA";
            case ED25519 -> "Ed25519";
            case SECP256K1 -> "Secp256k1";
            case ECDSA -> "ECDSA";
        };
    }
}
