package org.minip2p.benchmarks;

import org.minip2p.transport.IoBackend;

/** How sockets are driven, by name, for the parameters of a benchmark. */
public enum Io {
    /** The JDK's selector. */
    NIO;

    IoBackend backend() {
        return IoBackend.nio();
    }
}
