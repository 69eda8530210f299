package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.Hosts.limits;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.transport.ConnectFailedException;
import org.minip2p.transport.IoBackend;

/** SEC-H15: wherever a socket fails, the host frees the place that it took. */
class NoSocketTest {
    private static final int PLACES = 4;

    private static volatile FailsAt failing = FailsAt.NEVER;

    private final Host server;
    private final Host client;

    NoSocketTest() {
        server = await(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .start());
        client = await(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_PENDING_UPGRADES, PLACES))
                .ioBackend(new IoBackend(
                        "breaking", NioIoHandler.newFactory(), BreakingSocket.class, NioServerSocketChannel.class))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .start());
    }

    @AfterEach
    void closeHosts() {
        failing = FailsAt.NEVER;
        await(client.closeAsync());
        await(server.closeAsync());
    }

    @ParameterizedTest
    @EnumSource(FailsAt.class)
    void dialsAndAcceptsOnceThereAreSocketsAgain(FailsAt step) throws Exception {
        failing = step;
        for (int i = 0; step != FailsAt.NEVER && i < 3 * PLACES; i++) {
            assertThat(failure(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS))))
                    .isInstanceOf(DialFailedException.class)
                    .hasCauseInstanceOf(ConnectFailedException.class);
        }
        awaitTrue(
                "every place is back",
                () -> limits(client).total() == 0 && limits(client).pending() == 0);
        failing = FailsAt.NEVER;

        assertThat(HostTest.echo(await(client.dial(address(server))), new byte[5]))
                .hasSize(5);
        assertThat(HostTest.echo(
                        await(server.dial(address(client), DialOptions.when(DialCondition.ALWAYS))), new byte[5]))
                .hasSize(5);
    }

    /** A call that the application makes from the callback must not find the place still taken. */
    @Test
    void hasItsPlaceBackWhenTheCallerIsTold() {
        failing = FailsAt.OPENING;

        int held = await(client.dial(address(server))
                .handle((connection, failure) -> limits(client).total()));

        assertThat(held).isZero();
    }

    /**
     * Silent sockets hold all descriptors, and would hold them for longer than anybody waits. The host closes the
     * oldest ones to make room for newcomers.
     */
    @Test
    void acceptsNewcomersWhenSilentSocketsHaveAllDescriptors() throws Exception {
        Host victim = await(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.UPGRADE_TIMEOUT, Duration.ofMinutes(5)))
                .ioBackend(new IoBackend("poor", NioIoHandler.newFactory(), NioSocketChannel.class, PoorListener.class))
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .start());
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * PoorListener.DESCRIPTORS; i++) {
                silent.add(new Socket(
                        InetAddress.getLoopbackAddress(),
                        address(victim).tcp().orElseThrow().port()));
            }
            awaitTrue("no descriptor is left", () -> PoorListener.OPEN.get() == PoorListener.DESCRIPTORS);

            assertThat(HostTest.echo(await(client.dial(address(victim))), new byte[5]))
                    .hasSize(5);
            assertThat(silent.get(0).getInputStream().read())
                    .as("the end of the oldest socket, which made room")
                    .isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            await(victim.closeAsync());
        }
    }

    /** A listener with descriptors for only a few sockets. */
    public static final class PoorListener extends NioServerSocketChannel {
        static final int DESCRIPTORS = 4;
        static final AtomicInteger OPEN = new AtomicInteger();

        @Override
        protected int doReadMessages(List<Object> messages) throws Exception {
            if (OPEN.get() == DESCRIPTORS) {
                throw new IOException("Too many open files");
            }
            int count = super.doReadMessages(messages);
            if (count > 0) {
                OPEN.incrementAndGet();
                ((Channel) messages.get(messages.size() - 1))
                        .closeFuture()
                        .addListener(closed -> OPEN.decrementAndGet());
            }
            return count;
        }
    }

    /** The step at which a socket fails. */
    private enum FailsAt {
        NEVER,
        /** Fails as if there were no descriptors. */
        OPENING,
        /** Throws an error that is not an exception. */
        OPENING_WITH_AN_ERROR,
        CONFIGURING,
        CONNECTING
    }

    /** A socket that fails at the step that the test sets. */
    public static final class BreakingSocket extends NioSocketChannel {
        public BreakingSocket() {
            if (failing == FailsAt.OPENING) {
                throw new ChannelException("Too many open files");
            }
            if (failing == FailsAt.OPENING_WITH_AN_ERROR) {
                throw new NoClassDefFoundError("as the test wants it");
            }
        }

        @Override
        public SocketChannelConfig config() {
            if (failing == FailsAt.CONFIGURING) {
                throw new ChannelException("as the test wants it");
            }
            return super.config();
        }

        @Override
        protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
            if (failing == FailsAt.CONNECTING) {
                throw new IOException("as the test wants it");
            }
            return super.doConnect(remote, local);
        }
    }
}
