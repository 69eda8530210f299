package org.minip2p.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Queries through Netty's resolver, over UDP, and over TCP when an answer is truncated. Each query has its own sockets, and so an
 * unpredictable port, and leaves nothing behind. The only class that needs Netty's optional jar: it is loaded only if the jar is present.
 *
 * <p>Thread-safe.
 */
final class NettyTxtRecords implements TxtRecords {
    /** A datagram may be lost. */
    private static final int QUESTIONS_PER_SERVER = 2;

    /** The most servers of the system's list; more would leave too little time for each. */
    private static final int MAX_SERVERS = 3;

    /** The size that fits into one packet everywhere, by agreement of DNS servers. */
    private static final int MAX_UDP_PAYLOAD_BYTES = 1232;

    private final TcpTransport transport;
    private final Duration timeout;
    private final List<InetSocketAddress> servers;

    /**
     * For one host.
     *
     * @param transport its event loops drive the sockets
     * @param timeout the time in which to ask all servers
     * @param servers asked one after the other; empty for the system's
     */
    NettyTxtRecords(TcpTransport transport, Duration timeout, List<InetSocketAddress> servers) {
        this.transport = transport;
        this.timeout = timeout;
        this.servers = servers;
    }

    @Override
    public Question ask(String name) {
        IoBackend backend = transport.backend();
        Class<? extends DatagramChannel> datagrams = backend.datagramType()
                .orElseThrow(() -> new IllegalStateException("no UDP sockets are known of " + backend.name()));
        List<InetSocketAddress> asked = new ArrayList<>();
        List<InetSocketAddress> known = servers.isEmpty() ? systemServers(name) : servers;
        for (int i = 0; i < QUESTIONS_PER_SERVER; i++) {
            asked.addAll(known.subList(0, Math.min(known.size(), MAX_SERVERS)));
        }
        DnsServerAddresses inOrder = DnsServerAddresses.sequential(asked);
        DnsNameResolver resolver = new DnsNameResolverBuilder(transport.anyEventLoop())
                .datagramChannelType(datagrams)
                .socketChannelType(backend.socketType())
                .nameServerProvider(host -> inOrder.stream())
                .queryTimeoutMillis(Math.max(1, timeout.toMillis() / asked.size()))
                .maxQueriesPerResolve(asked.size())
                .maxPayloadSize(MAX_UDP_PAYLOAD_BYTES)
                .searchDomains(List.of())
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .build();
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        try {
            resolver.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.TXT))
                    .addListener((Future<List<DnsRecord>> resolved) -> complete(answer, resolved));
        } catch (Throwable e) { // Netty refuses to encode the name
            resolver.close();
            throw e;
        }
        return new Question() {
            @Override
            public CompletableFuture<List<String>> answer() {
                return answer;
            }

            @Override
            public void close() {
                resolver.close();
            }
        };
    }

    private static List<InetSocketAddress> systemServers(String name) {
        DnsServerAddressStream stream =
                DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream(name);
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = Math.min(stream.size(), MAX_SERVERS); i > 0; i--) {
            servers.add(stream.next());
        }
        return servers;
    }

    private static void complete(CompletableFuture<List<String>> answer, Future<List<DnsRecord>> resolved) {
        if (!resolved.isSuccess()) {
            answer.completeExceptionally(resolved.cause());
            return;
        }
        List<String> texts = new ArrayList<>();
        for (DnsRecord each : resolved.getNow()) {
            try {
                if (each instanceof DnsRawRecord raw && raw.type().equals(DnsRecordType.TXT)) {
                    texts.add(text(raw.content()));
                }
            } finally {
                ReferenceCountUtil.release(each);
            }
        }
        answer.complete(texts);
    }

    /**
     * A record consists of strings of up to 255 bytes, which form one text (as in RFC 7208, section 3.3, for another use of TXT records).
     */
    private static String text(ByteBuf content) {
        StringBuilder text = new StringBuilder(content.readableBytes());
        while (content.isReadable()) {
            int length = Math.min(content.readUnsignedByte(), content.readableBytes());
            text.append(content.readCharSequence(length, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
