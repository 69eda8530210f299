/** A host's metrics in Micrometer, built on the public API of the host. */
module org.minip2p.metrics {
    requires static transitive org.jspecify;
    requires transitive org.minip2p.host;
    requires static transitive org.minip2p.handshake; // for HandshakeMetrics alone
    requires transitive micrometer.core;

    exports org.minip2p.metrics;
}
