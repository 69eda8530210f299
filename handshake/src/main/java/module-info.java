/** The node-info handshake, on the public API of the host. */
module org.minip2p.handshake {
    requires static transitive org.jspecify;
    requires transitive org.minip2p.core;
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;

    exports org.minip2p.handshake;
}
