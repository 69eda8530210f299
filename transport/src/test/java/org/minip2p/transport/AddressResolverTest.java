package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.Conforms;

class AddressResolverTest {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AddressResolver resolver = new AddressResolver(executor, Duration.ofSeconds(5));

    @AfterEach
    void endThreads() {
        executor.shutdownNow();
    }

    @Test
    void takesLiteralAddressesAsTheyAre() {
        assertThat(resolve("/ip4/127.0.0.1/tcp/4001")).containsExactly(socket("127.0.0.1", 4001));
        assertThat(resolve("/ip6/::1/tcp/4001")).containsExactly(socket("::1", 4001));
    }

    /** The names stand in src/test/resources/hosts, IPv4 first; the build has Java look there and nowhere else. */
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
    void givesUpOnALookUpThatTakesTooLong() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        executor.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        AddressResolver impatient = new AddressResolver(executor, Duration.ofMillis(50));

        assertThatThrownBy(() -> impatient
                        .resolve(Multiaddr.parse("/dns4/localhost/tcp/1"))
                        .join())
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("50 ms");
        busy.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"both.example", "no-such-host.invalid"})
    void keepsNothingOfALookUpThatHasEndedBeforeItsTime(String name) {
        AddressResolver patient = new AddressResolver(executor, Duration.ofHours(1));

        WeakReference<CompletableFuture<?>> lookUp =
                new WeakReference<>(patient.resolve(Multiaddr.parse("/dns/" + name + "/tcp/80")));

        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (lookUp.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(lookUp.get()).isNull();
    }

    private static InetSocketAddress socket(String ip, int port) {
        return new InetSocketAddress(ip, port);
    }

    private List<InetSocketAddress> resolve(String address) {
        return resolver.resolve(Multiaddr.parse(address)).join();
    }
}
