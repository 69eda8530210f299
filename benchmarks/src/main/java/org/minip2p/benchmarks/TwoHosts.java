package org.minip2p.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * Two hosts in this JVM, one event loop each, the second listening on loopback.
 *
 * @param address the server's address, computed only once, since that is not part of a dial
 */
record TwoHosts(Host client, Host server, Multiaddr address) implements AutoCloseable {
    static TwoHosts start(Io io, NoiseCrypto crypto, HostConfig config, UnaryOperator<HostBuilder> setUpServer) {
        Host client = builder(io, crypto, config).start().join();
        Host server = setUpServer
                .apply(builder(io, crypto, config).listen("/ip4/127.0.0.1/tcp/0"))
                .start()
                .join();
        return new TwoHosts(client, server, server.addresses().get(0));
    }

    private static HostBuilder builder(Io io, NoiseCrypto crypto, HostConfig config) {
        return Observed.ifWanted(Host.builder()
                .ioBackend(io.backend())
                .crypto(crypto)
                .eventLoops(1)
                .config(config));
    }

    Connection connect() {
        return client.dial(address).orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
