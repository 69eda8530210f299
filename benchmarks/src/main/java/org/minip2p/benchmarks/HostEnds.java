package org.minip2p.benchmarks;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;
import org.minip2p.noise.crypto.NoiseCrypto;

/** A stream between two hosts, open and negotiated. */
record HostEnds(Channel client, Channel server, TwoHosts hosts) implements Ends {
    private static final ProtocolId PROTOCOL = new ProtocolId("/bench/1.0.0");

    static HostEnds open(Io io, NoiseCrypto crypto) {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        TwoHosts hosts = TwoHosts.start(
                io,
                crypto,
                HostConfig.defaults(),
                server -> server.handle(PROTOCOL, HALF_OPEN, stream -> accepted.complete(stream.channel())));
        Connection connection = hosts.connect();
        Channel client = connection
                .openStream(PROTOCOL, stream -> {})
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .channel();
        return new HostEnds(client, accepted.orTimeout(10, TimeUnit.SECONDS).join(), hosts);
    }

    @Override
    public void close() {
        client.close().syncUninterruptibly();
        hosts.close();
    }
}
