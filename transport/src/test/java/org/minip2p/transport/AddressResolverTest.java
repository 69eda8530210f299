package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Thrown;

class AddressResolverTest {
    private static final EventExecutor TIMER = GlobalEventExecutor.INSTANCE;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AddressResolver resolver = new AddressResolver(executor, TIMER, Duration.ofSeconds(5));

    @AfterEach
    void endThreads() {
        executor.shutdownNow();
    }

    @Test
    void takesLiteralAddressesAsTheyAre() {
        assertThat(resolve("/ip4/127.0.0.1/tcp/4001")).containsExactly(socket("127.0.0.1", 4001));
        assertThat(resolve("/ip6/::1/tcp/4001")).containsExactly(socket("::1", 4001));
    }

    /** The names are in src/test/resources/hosts, with IPv4 first. The build makes Java look only there. */
    @Conforms("MAD-32")
    @Test
    void resolvesNamesToTheFamilyAskedForAndIpv6First() {
        assertThat(resolve("/dns4/both.example/tcp/80")).containsExactly(socket("127.0.0.1", 80));
        assertThat(resolve("/dns6/both.example/tcp/80")).containsExactly(socket("::1", 80));
        assertThat(resolve("/dns/both.example/tcp/80")).containsExactly(socket("::1", 80), socket("127.0.0.1", 80));
        assertThat(resolve("/dns/four.example/tcp/80")).containsExactly(socket("127.0.0.1", 80));
    }

    @Conforms("MAD-32")
    @ParameterizedTest
    @ValueSource(strings = {"/dns4/six.example/tcp/80", "/dns6/four.example/tcp/80"})
    void findsNothingOfTheOtherFamily(String address) {
        assertThatThrownBy(() -> resolve(address))
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("family");
    }

    @Conforms("MAD-29")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/udp/4001/quic-v1",
                "/ip4/127.0.0.1/tcp/4001/ws",
                "/dnsaddr/example.org",
                "/ip4/127.0.0.1",
            })
    void refusesWhatIsNoPlainTcpAddress(String address) {
        assertThatThrownBy(() -> resolve(address))
                .hasCauseInstanceOf(UnsupportedAddressException.class)
                .hasMessageContaining(address);
    }

    @Test
    void saysWhichNameIsUnknown() {
        assertThatThrownBy(() -> resolve("/dns4/no-such-host.invalid/tcp/1"))
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void givesUpOnALookUpThatTakesTooLong() {
        CountDownLatch busy = new CountDownLatch(1);
        AddressResolver impatient = new AddressResolver(executor, TIMER, Duration.ofMillis(50), host -> {
            awaitQuietly(busy);
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> impatient
                        .resolve(Multiaddr.parse("/dns4/silent.example/tcp/1"))
                        .join())
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("50 ms");
        busy.countDown();
    }

    // SEC-H17
    @Test
    void countsNoTimeInWhichALookUpWaitsForAThread() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        executor.execute(() -> awaitQuietly(busy));
        AddressResolver impatient = new AddressResolver(
                executor, TIMER, Duration.ofSeconds(1), host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
        CompletableFuture<List<InetSocketAddress>> found =
                impatient.resolve(Multiaddr.parse("/dns4/good.example/tcp/1"));

        assertThatThrownBy(() -> found.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        busy.countDown();

        assertThat(found.orTimeout(10, TimeUnit.SECONDS).join()).containsExactly(socket("127.0.0.1", 1));
    }

    // SEC-H8
    @ParameterizedTest
    @ValueSource(classes = {NoClassDefFoundError.class, IllegalStateException.class, IOException.class})
    void failsAtOnceWhateverTheLookUpThrows(Class<? extends Throwable> thrown) {
        AddressResolver failing = new AddressResolver(executor, TIMER, Duration.ofHours(1), host -> {
            throw Thrown.undeclared(thrown);
        });

        assertThatThrownBy(() -> failing.resolve(Multiaddr.parse("/dns4/any.example/tcp/1"))
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("any.example");
    }

    // SEC-H15
    @ParameterizedTest
    @ValueSource(classes = {RejectedExecutionException.class, OutOfMemoryError.class})
    void failsAtOnceWhenThereIsNoThreadToAsk(Class<? extends Throwable> thrown) {
        Executor full = task -> {
            throw Thrown.undeclared(thrown);
        };
        AddressResolver failing = new AddressResolver(full, TIMER, Duration.ofHours(1));

        assertThat(failing.resolve(Multiaddr.parse("/dns4/any.example/tcp/1")))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(NameNotResolvedException.class);
    }

    @Test
    void asksNobodyWhenTheTimerHasEnded() {
        AtomicInteger asked = new AtomicInteger();
        EventExecutor ended = new DefaultEventExecutor();
        ended.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        AddressResolver late = new AddressResolver(Runnable::run, ended, Duration.ofHours(1), host -> {
            asked.incrementAndGet();
            return new InetAddress[0];
        });

        assertThat(late.resolve(Multiaddr.parse("/dns4/any.example/tcp/1")))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(NameNotResolvedException.class)
                .withMessageContaining("closed");
        assertThat(asked).as("look-ups whose results would come too late").hasValue(0);
    }

    // SEC-H20
    @Test
    void keepsTheZoneOfAnAddress() throws Exception {
        NetworkInterface loopback =
                NetworkInterface.getByInetAddress(socket("::1", 0).getAddress());

        for (String zone : List.of(loopback.getName(), Integer.toString(loopback.getIndex()))) {
            for (String address : List.of(
                    "/ip6zone/" + zone + "/ip6/fe80::1/tcp/4001", "/ip6/fe80::1/ip6zone/" + zone + "/tcp/4001")) {
                InetSocketAddress found = resolve(address).get(0);

                assertThat(((Inet6Address) found.getAddress()).getScopeId()).isEqualTo(loopback.getIndex());
                assertThat(found.getAddress().getAddress())
                        .isEqualTo(socket("fe80::1", 0).getAddress().getAddress());
                assertThat(found.getPort()).isEqualTo(4001);
            }
        }
    }

    // SEC-H20
    @ParameterizedTest
    @ValueSource(strings = {"nosuch0", "2147483647", "99999999999999999999", "0", "-1", "lo lo"})
    void refusesAZoneThatIsNoInterface(String zone) {
        assertThatThrownBy(() -> resolve("/ip6zone/" + zone + "/ip6/fe80::1/tcp/4001"))
                .hasCauseInstanceOf(UnknownZoneException.class)
                .hasMessageContaining("got " + zone);
    }

    // SEC-H20
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/0.0.0.0/tcp/4001",
                "/ip6/::/tcp/4001",
                "/ip6/::ffff:0.0.0.0/tcp/4001",
                "/ip6zone/lo/ip6/::/tcp/4001",
                "/ip4/127.0.0.1/udp/4001/quic-v1",
                "/ip4/127.0.0.1/tcp/4001/ws",
                "/p2p-circuit",
            })
    void saysWhatCannotBeDialed(String address) {
        Multiaddr undialable = Multiaddr.parse(address);

        assertThat(AddressResolver.undialable(undialable))
                .hasValueSatisfying(refusal -> assertThat(refusal).hasMessageContaining(undialable.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/udp/4001/quic-v1, quic-v1",
        "/ip4/127.0.0.1/udp/4001/quic-v1/webtransport/certhash/uEgEB, webtransport",
        "/ip4/127.0.0.1/udp/4001/webrtc-direct/certhash/uEgEB, webrtc-direct",
        "/dns4/any.example/tcp/443/tls/sni/any.example/ws, ws",
        "/dns4/any.example/tcp/443/tls/http/http-path/a%2Fb, http",
        "/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA/p2p-circuit, relay",
        "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234, onion3",
        "/unix/run/p2p.sock, unix",
        "/memory/1, memory",
    })
    void saysWhatAnAddressOfAnotherKindIs(String address, String kind) {
        assertThatThrownBy(() -> resolve(address))
                .hasCauseInstanceOf(UnsupportedAddressException.class)
                .hasMessageContaining("it ")
                .hasMessageContaining(kind);
        assertThat(AddressResolver.undialable(Multiaddr.parse(address)))
                .hasValueSatisfying(refusal ->
                        assertThat(refusal).hasMessageContaining("it ").hasMessageContaining(kind));
    }

    // SEC-H20
    @Test
    void saysThatANameMayBeDialedButNotAtAnUnspecifiedAddress() {
        Multiaddr name = Multiaddr.parse("/dns4/any.example/tcp/4001");

        assertThat(AddressResolver.undialable(name)).isEmpty();
        assertThat(AddressResolver.undialable(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")))
                .isEmpty();
        assertThat(AddressResolver.undialable(name, socket("127.0.0.1", 4001))).isEmpty();
        assertThat(AddressResolver.undialable(name, socket("0.0.0.0", 4001))).isPresent();
        assertThat(AddressResolver.undialable(name, socket("::", 4001))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"both.example", "no-such-host.invalid"})
    void keepsNothingOfALookUpThatHasEndedBeforeItsTime(String name) {
        AddressResolver patient = new AddressResolver(executor, TIMER, Duration.ofHours(1));

        WeakReference<CompletableFuture<?>> lookUp =
                new WeakReference<>(patient.resolve(Multiaddr.parse("/dns/" + name + "/tcp/80")));

        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (lookUp.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(lookUp.get()).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress socket(String ip, int port) {
        return new InetSocketAddress(ip, port);
    }

    private List<InetSocketAddress> resolve(String address) {
        return resolver.resolve(Multiaddr.parse(address)).join();
    }
}
