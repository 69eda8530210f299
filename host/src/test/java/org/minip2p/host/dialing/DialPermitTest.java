package org.minip2p.host.dialing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.ConnectionGater;
import org.minip2p.host.limits.ConnectionLimits;

class DialPermitTest {
    private static final int PENDING = 1;
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final InetSocketAddress SOCKET = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);

    private final ConnectionLimits limits = new ConnectionLimits(
            new ConnectionLimits.Max(10, PENDING, 10, 10, 10),
            ConnectionLimits::byAddress,
            ConnectionLimits::byNetwork,
            () -> 0);
    private final List<Multiaddr> asked = new ArrayList<>();
    private boolean isAllowed = true;

    private final DialPermit permit = new DialPermit(
            new ConnectionGater() {
                @Override
                public boolean mayDial(Multiaddr address) {
                    asked.add(address);
                    return isAllowed;
                }
            },
            own -> false,
            limits);

    @Test
    void theGaterIsNotAskedWhileADialWaitsForAPlace() throws Exception {
        ConnectionLimits.Place first = Objects.requireNonNull(permit.take(ADDRESS, SOCKET));

        assertThat(permit.take(ADDRESS, SOCKET)).isNull();
        assertThat(permit.take(ADDRESS, SOCKET)).isNull();
        first.release();
        assertThat(permit.take(ADDRESS, SOCKET)).isNotNull();

        assertThat(asked).as("once for each place").containsExactly(ADDRESS, ADDRESS);
    }

    @Test
    void aRefusalOfTheGaterGivesThePlaceBack() throws Exception {
        isAllowed = false;
        for (int i = 0; i <= PENDING; i++) {
            assertThatThrownBy(() -> permit.take(ADDRESS, SOCKET))
                    .isInstanceOf(ConnectionDeniedException.class)
                    .hasMessageContaining("the gater refused to dial /ip4/127.0.0.1/tcp/4001");
        }
        assertThat(limits.total()).isZero();
        isAllowed = true;

        assertThat(permit.take(ADDRESS, SOCKET)).isNotNull();
    }
}
