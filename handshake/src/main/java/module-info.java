/** The node-info handshake, on the public API of the host. */
module org.minip2p.handshake {
    requires static transitive org.jspecify;
    requires transitive org.minip2p.core;
    requires transitive org.minip2p.host;
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires org.slf4j;
    // A runtime image may lack it: then nothing can be recorded, and everything else runs.
    requires static jdk.jfr;

    exports org.minip2p.handshake;
}
