/** multistream-select 1.0.0: how two ends agree on the protocol of a connection or a stream. */
module org.minip2p.multistream {
    requires static transitive org.jspecify;
    requires transitive io.netty.transport;
    requires transitive org.minip2p.core;
    requires io.netty.buffer;
    requires io.netty.common;

    exports org.minip2p.multistream;
    exports org.minip2p.multistream.netty;
}
