/** TCP on Netty: dialing and listening. */
module org.minip2p.transport {
    requires transitive org.minip2p.core;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;
    requires org.slf4j;
    // The native transports, all optional at run time.
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    // Looks up /dnsaddr; optional at run time.
    requires static io.netty.resolver.dns;
    requires static io.netty.codec.dns;
    requires static io.netty.buffer;
    requires static transitive org.jspecify;

    exports org.minip2p.transport;
}
