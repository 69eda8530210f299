package org.minip2p.benchmarks;

import io.netty.channel.Channel;

/**
 * Two ends of one path over loopback TCP, both in this JVM, each on an event loop of its own. A path is raw Netty, Noise frames alone, or a
 * stream between two hosts; the differences are the costs of the layers.
 */
interface Ends extends AutoCloseable {
    /** The end that dialed. */
    Channel client();

    /** The other end of the same path. */
    Channel server();

    @Override
    void close();
}
