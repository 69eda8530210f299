/** Keys, peer ids, addresses, varints: what every layer shares. It knows nothing of Netty. */
module org.minip2p.core {
    requires static transitive org.jspecify;
    requires com.google.protobuf;

    exports org.minip2p.core;
}
