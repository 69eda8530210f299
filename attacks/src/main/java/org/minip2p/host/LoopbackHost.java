package org.minip2p.host;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.limits.HostMemory;

/**
 * A host as it is by default, but for two things that nobody may do from outside: addresses of 127.0.0.0/8 count like those of the open
 * network, and its account of held bytes can be read. It is in this package for that alone.
 *
 * <p>Each address counts as one IPv4 address. Where the second number is {@value #FIRST_SITE} or more the address stands for one of an IPv6
 * site: those that share their first three numbers share their site.
 */
@NullMarked
public final class LoopbackHost {
    /** From this second number on, addresses stand for those of IPv6 sites. */
    public static final int FIRST_SITE = 128;

    private static final int SITE_BYTES = 3;

    private LoopbackHost() {}

    /**
     * Makes one.
     *
     * @param memory its account
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
