package com.example;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.metrics.HostMetrics;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Ping;

/** Two nodes that use every library: identify, ping, the node-info handshake and metrics. */
public class AllLibraries {
    private AllLibraries() {}

    /** Connects the two, and says hello when they have shaken hands. */
    public static void main(String[] args) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CompletableFuture<NodeInfo> theirs = new CompletableFuture<>();
        try (Host server = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start().join();
                Host client = Host.builder().observer(HostMetrics.in(registry)).start().join()) {
            for (Host host : new Host[] {server, client}) {
                Identify.install(host, "all-libraries/1");
                NodeInfoHandshake.install(
                        host,
                        () -> new NodeInfo("0x00", Optional.empty()),
                        HandshakeOptions.defaults(),
                        (node, event) -> {
                            if (event instanceof HandshakeEvent.Completed completed) {
                                theirs.complete(completed.theirInfo());
                            }
                        });
            }
            Ping.install(server);
            Ping ping = Ping.install(client);
            Connection connection = client.dial(server.addresses().get(0)).join();
            Duration roundTrip = ping.ping(connection).join();
            String network = theirs.get(10, TimeUnit.SECONDS).networkId();
            boolean isMeasured = !registry.find("libp2p.rcmgr.connections").gauges().isEmpty();
            if (!network.equals("0x00") || !isMeasured) {
                throw new IllegalStateException("network " + network + ", meters " + registry.getMeters());
            }
            System.err.println("answered a ping in " + roundTrip);
            System.out.println(connection.remotePeer() + " says hello");
        }
    }
}
