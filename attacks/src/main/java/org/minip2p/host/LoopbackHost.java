package org.minip2p.host;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.limits.HostMemory;

/**
 * A host with the default settings and two differences that are not possible from outside this package: addresses of 127.0.0.0/8 count like
 * public ones, and its account of held bytes can be read.
 *
 * <p>Each address counts as one IPv4 address. If the second number is {@value #FIRST_SITE} or more, the address stands for an address in an
 * IPv6 site; addresses with the same first three numbers are in the same site.
 */
@NullMarked
public final class LoopbackHost {
    /** Addresses whose second number is at least this stand for addresses in IPv6 sites. */
    public static final int FIRST_SITE = 128;

    private static final int SITE_BYTES = 3;

    private LoopbackHost() {}

    /**
     * Creates a builder.
     *
     * @param memory the account of the host
     */
    public static HostBuilder builder(HostMemory memory) {
        return Host.builder()
                .on(new HostEnvironment()
                        .memory(memory)
                        .addressKey(LoopbackHost::address)
                        .networkKey(LoopbackHost::site));
    }

    private static @Nullable Object address(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    private static @Nullable Object site(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet)) {
            return null;
        }
        InetAddress ip = inet.getAddress();
        byte[] bytes = ip.getAddress();
        return Byte.toUnsignedInt(bytes[1]) < FIRST_SITE ? null : Arrays.hashCode(Arrays.copyOf(bytes, SITE_BYTES));
    }
}
