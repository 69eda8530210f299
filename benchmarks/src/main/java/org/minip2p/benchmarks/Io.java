package org.minip2p.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.minip2p.transport.IoBackend;

/** The I/O back end, as a parameter of a benchmark. */
public enum Io {
    /** The JDK's selector. */
    NIO,
    /** Linux's epoll. */
    EPOLL,
    /** Linux's io_uring. */
    IO_URING;

    IoBackend backend() {
        return IoBackend.named(key());
    }

    /** Its name for {@link IoBackend#named}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The back ends available here. */
    static List<Io> available() {
        return Arrays.stream(values())
                .filter(io -> IoBackend.unavailability(io.key()).isEmpty())
                .toList();
    }
}
