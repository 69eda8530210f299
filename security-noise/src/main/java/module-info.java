/** Noise XX with ChaCha20-Poly1305: the secure channel of a libp2p connection. */
@SuppressWarnings("module") // host is compiled later
module org.minip2p.noise {
    requires static transitive org.jspecify;
    requires transitive org.minip2p.core;
    requires com.google.protobuf;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires transitive io.netty.common;
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires transitive io.netty.codec;

    exports org.minip2p.noise.crypto;
    exports org.minip2p.noise to
            org.minip2p.host;
    exports org.minip2p.noise.netty to
            org.minip2p.host;
}
