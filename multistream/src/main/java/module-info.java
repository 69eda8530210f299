/** multistream-select 1.0.0: negotiates the protocol of a connection or a stream. */
@SuppressWarnings("module") // host is compiled later
module org.minip2p.multistream {
    requires static transitive org.jspecify;
    requires transitive io.netty.transport;
    requires transitive org.minip2p.core;
    requires io.netty.buffer;
    requires io.netty.common;

    exports org.minip2p.multistream to
            org.minip2p.host;
    exports org.minip2p.multistream.netty to
            org.minip2p.host;
}
