/** Ping, identify and perf: protocols on the public API of the host, as an embedder's own would be. */
module org.minip2p.protocols {
    requires transitive org.minip2p.core;
    requires transitive org.minip2p.host;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires com.google.protobuf;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports org.minip2p.protocols;
}
