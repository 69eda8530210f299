/** The README's first program as a module. */
module com.example {
    requires io.netty.buffer;
    requires io.netty.transport;
    requires org.minip2p.host;
}
