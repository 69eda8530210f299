package org.minip2p.host.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Hosts;
import org.minip2p.transport.AddressResolver;

class HostThreadsTest {
    private final HostThreads threads = new HostThreads(null, 1);
    private final CountDownLatch free = new CountDownLatch(1);

    @AfterEach
    void endThreads() {
        free.countDown();
        threads.shutdown();
    }

    /** SEC-H17: the system's resolver hangs like this on names whose server is silent, and it cannot be interrupted. */
    @Test
    void looksUpANameWhileManyOthersHang() throws Exception {
        CountDownLatch hanging = new CountDownLatch(40);
        for (int i = 0; i < 40; i++) {
            threads.resolver().execute(() -> {
                hanging.countDown();
                awaitQuietly(free);
            });
        }
        hanging.await();
        AddressResolver resolver =
                new AddressResolver(threads.resolver(), threads.peerExecutor(), Duration.ofSeconds(5));

        assertThat(Hosts.await(resolver.resolve(Multiaddr.parse("/dns4/localhost/tcp/1"))))
                .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    }

    @Test
    void knowsItsOwnThreads() {
        HostThreads others = new HostThreads(null, 1);

        assertThat(Hosts.await(CompletableFuture.supplyAsync(threads::isCurrentThread, threads.peerExecutor())))
                .isTrue();
        assertThat(Hosts.await(CompletableFuture.supplyAsync(others::isCurrentThread, threads.peerExecutor())))
                .isFalse();
        assertThat(threads.isCurrentThread()).isFalse();
        others.shutdown();
    }

    /** A thread of the application counts as one of the host's while it runs a task of the host. */
    @Test
    void knowsItsOwnTasks() {
        HostThreads others = new HostThreads(Runnable::run, 1);
        List<Boolean> known = new ArrayList<>();

        others.application().execute(() -> {
            known.add(others.isCurrentThread());
            known.add(threads.isCurrentThread());
        });
        known.add(others.isCurrentThread());

        assertThat(known).containsExactly(true, false, false);
        others.shutdown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
