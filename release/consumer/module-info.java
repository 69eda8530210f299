/** The README's first program as a module, and one that uses all libraries. */
module com.example {
    requires io.netty.buffer;
    requires io.netty.transport;
    requires org.minip2p.handshake;
    requires org.minip2p.host;
    requires org.minip2p.metrics;
    requires org.minip2p.protocols;
}
