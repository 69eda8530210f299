/** Yamux: a session as a state machine without Netty, and its streams as Netty channels. */
@SuppressWarnings("module") // host is compiled later
module org.minip2p.yamux {
    requires static transitive org.jspecify;
    requires transitive org.minip2p.core;
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires org.slf4j;

    exports org.minip2p.yamux to
            org.minip2p.host;
    exports org.minip2p.yamux.netty to
            org.minip2p.host;
}
