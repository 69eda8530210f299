package org.minip2p.host.accepting;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SEC-H18. */
class InterfacesTest {
    private static final InetAddress ONE = address("192.0.2.1");
    private static final InetAddress OTHER = address("192.0.2.2");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private @Nullable Set<InetAddress> machine = Set.of(ONE);
    private long now = -SECOND;
    private int listed;

    private final Interfaces interfaces = new Interfaces(
            () -> {
                listed++;
                if (machine == null) {
                    throw new SocketException("Too many open files");
                }
                return machine;
            },
            () -> now);

    @Test
    void areListedOnceInSomeSecondsHoweverOftenTheyAreAskedFor() {
        for (int i = 0; i < 1000; i++) {
            assertThat(interfaces.addresses()).containsExactly(ONE);
        }

        assertThat(listed).isEqualTo(1);
    }

    @Test
    void areListedAnewWhenThatIsOld() {
        interfaces.addresses();
        machine = Set.of(ONE, OTHER);

        assertThat(interfaces.addresses()).containsExactly(ONE);
        now += 5 * SECOND;

        assertThat(interfaces.addresses()).containsExactlyInAnyOrder(ONE, OTHER);
        assertThat(listed).isEqualTo(2);
    }

    @Test
    void keepTheLastValueWhileTheyCannotBeListed() {
        interfaces.addresses();
        machine = null;
        for (int i = 0; i < 20; i++) {
            now += 5 * SECOND;
            assertThat(interfaces.addresses()).containsExactly(ONE);
        }
        assertThat(listed).as("one listing each interval, even after a failure").isEqualTo(21);

        machine = Set.of(OTHER);
        now += 5 * SECOND;

        assertThat(interfaces.addresses()).containsExactly(OTHER);
    }

    @Test
    void areListedAgainAtOnceWhenTheyCouldNeverBe() {
        machine = null;
        assertThat(interfaces.addresses()).isEmpty();
        machine = Set.of(ONE);

        assertThat(interfaces.addresses()).containsExactly(ONE);
    }

    @Test
    void areTheSameSetAsLongAsNothingChanges() {
        Set<InetAddress> before = interfaces.addresses();
        now += 6 * SECOND;

        assertThat(interfaces.addresses()).isSameAs(before);
    }

    @Test
    void ofThisMachineIncludeLoopback() {
        assertThat(Interfaces.ofThisMachine(System::nanoTime).addresses()).contains(address("127.0.0.1"));
    }

    private static InetAddress address(String ip) {
        return new InetSocketAddress(ip, 0).getAddress();
    }
}
