/** Keys, peer ids, addresses, varints: what every layer shares. It knows nothing of Netty. */
module org.minip2p.core {
    requires static transitive org.jspecify;
    requires com.google.protobuf;
    requires org.bouncycastle.provider;

    exports org.minip2p.core;
    exports org.minip2p.core.config;
}
