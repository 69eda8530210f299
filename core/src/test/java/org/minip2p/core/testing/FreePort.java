package org.minip2p.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port for a test that has to know it before anything listens on it, or that needs one on which nothing listens.
 *
 * <p>A port that the operating system picks does not do: as soon as it is free again, the system may give it to another
 * socket, to an outgoing connection too. A port that it has picked for one address may be in use at another.
 */
public final class FreePort {
    /** Linux picks ports from 32,768 on, other systems from 49,152 on. */
    private static final int FIRST = 10_000;

    private static final int COUNT = 20_000;

    /** The tests of several modules run at the same time, so each process starts at another port. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /**
     * Finds a port that no socket has, neither for TCP nor for UDP, at any address.
     *
     * @return another port for each call in this process, until there are no others
     */
    public static int find() {
        BindException inUse = null;
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket tcp = new ServerSocket(port);
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
                return udp.getLocalPort();
            } catch (BindException e) {
                inUse = e;
            } catch (IOException e) {
                throw new UncheckedIOException("look for a free port", e);
            }
        }
        throw new IllegalStateException(
                "all ports from " + FIRST + " to " + (FIRST + COUNT - 1) + " are in use", inUse);
    }
}
