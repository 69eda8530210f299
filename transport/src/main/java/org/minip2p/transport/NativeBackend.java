package org.minip2p.transport;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's native transports. Their jars are optional: each is used only inside a lambda (a method reference would be linked with this
 * class), so that its classes are loaded only on request.
 */
record NativeBackend(
        String text,
        Supplier<@Nullable Throwable> missing,
        Supplier<IoBackend> factory,
        Supplier<Class<? extends DatagramChannel>> datagrams) {
    static final NativeBackend EPOLL = new NativeBackend(
            "epoll",
            () -> Epoll.unavailabilityCause(),
            () -> new IoBackend(
                    "epoll", EpollIoHandler.newFactory(), EpollSocketChannel.class, EpollServerSocketChannel.class),
            () -> EpollDatagramChannel.class);
    static final NativeBackend IO_URING = new NativeBackend(
            "io_uring",
            () -> IoUring.unavailabilityCause(),
            () -> new IoBackend(
                    "io_uring",
                    IoUringIoHandler.newFactory(),
                    IoUringSocketChannel.class,
                    IoUringServerSocketChannel.class),
            () -> IoUringDatagramChannel.class);
    static final NativeBackend KQUEUE = new NativeBackend(
            "kqueue",
            () -> KQueue.unavailabilityCause(),
            () -> new IoBackend(
                    "kqueue", KQueueIoHandler.newFactory(), KQueueSocketChannel.class, KQueueServerSocketChannel.class),
            () -> KQueueDatagramChannel.class);

    private static final Logger LOG = LoggerFactory.getLogger(IoBackend.class);

    private static Optional<NativeBackend> find(String name) {
        return Stream.of(EPOLL, IO_URING, KQUEUE)
                .filter(backend -> backend.text.equals(name))
                .findFirst();
    }

    /** The UDP sockets of a back end that is in use, if it is one of these. */
    static Optional<Class<? extends DatagramChannel>> datagramType(String name) {
        return find(name).map(backend -> backend.datagrams.get());
    }

    static NativeBackend named(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no I/O back end " + name + "; there are " + String.join(", ", IoBackend.names())));
    }

    static IoBackend best() {
        if (EPOLL.unavailability().isEmpty()) {
            return EPOLL.backend();
        }
        if (KQUEUE.unavailability().isEmpty()) {
            return KQUEUE.backend();
        }
        FallBack.say();
        return IoBackend.nio();
    }

    IoBackend backend() {
        unavailability().ifPresent(reason -> {
            throw new IllegalStateException("no " + text + " here: " + reason);
        });
        return factory.get();
    }

    /** Why it is not available; empty when it is. */
    Optional<String> unavailability() {
        Throwable cause;
        try {
            cause = missing.get();
        } catch (LinkageError e) {
            cause = e;
        }
        if (cause == null) {
            return Optional.empty();
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Optional.of(root.toString());
    }

    /** Loaded, and so logged, once. */
    private static final class FallBack {
        static {
            LOG.info(
                    "transport=nio fallback=true epoll=\"{}\" kqueue=\"{}\"",
                    EPOLL.unavailability().orElse(""),
                    KQUEUE.unavailability().orElse(""));
        }

        static void say() {
            // The class has been loaded.
        }
    }
}
