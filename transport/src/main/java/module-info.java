/** TCP on Netty: dialing and listening. */
module org.minip2p.transport {
    requires transitive org.minip2p.core;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires static transitive org.jspecify;

    exports org.minip2p.transport;
}
