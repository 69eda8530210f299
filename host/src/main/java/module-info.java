/** A node: connections, upgrade, dialing, limits, protocols and events. */
module org.minip2p.host {
    requires transitive org.minip2p.core;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires io.netty.buffer;
    requires transitive org.minip2p.transport;
    // Their exceptions reach whoever uses a host.
    requires org.minip2p.multistream;
    requires transitive org.minip2p.noise;
    requires org.minip2p.yamux;
    requires org.slf4j;
    requires static transitive org.jspecify;
    // A runtime image may lack it: then nothing can be recorded, and everything else runs.
    requires static jdk.jfr;

    exports org.minip2p.host;
}
