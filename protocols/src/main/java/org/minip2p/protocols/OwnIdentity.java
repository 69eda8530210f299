package org.minip2p.protocols;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Varint;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * The identify data of a host, at one moment. Immutable.
 *
 * @param listenAddresses without {@code /p2p} at their end, and without zones: only this machine knows its interfaces
 * @param protocols the protocols that the host accepts now, in a fixed order (IDN-16)
 */
record OwnIdentity(
        PublicKey publicKey, List<Multiaddr> listenAddresses, List<ProtocolId> protocols, String agentVersion) {
    /** The largest message that is sent: rust reads no more than 4,096 bytes (IDN-19). */
    static final int MAX_BYTES = 4000;

    /** The value that go, rust and js send; no implementation depends on it (IDN-17). */
    static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    private static final int LISTEN_ADDRESSES_FIELD = IdentifyMessage.LISTENADDRS_FIELD_NUMBER;
    private static final int PROTOCOLS_FIELD = IdentifyMessage.PROTOCOLS_FIELD_NUMBER;

    OwnIdentity {
        listenAddresses = listenAddresses.stream()
                .map(address -> address.withoutPeerId().withoutZone())
                .distinct()
                .toList();
        protocols = protocols.stream()
                .sorted(Comparator.comparing(ProtocolId::value))
                .toList();
    }

    /**
     * The message for one peer, always complete (IDN-27): as many protocols, then addresses, as fit.
     *
     * @param observed the address at which this side sees the peer (IDN-14); also decides whether loopback addresses are useful
     *     to it (IDN-12)
     * @param mayTell whether this peer may be told an address
     */
    IdentifyMessage messageTo(Multiaddr observed, Predicate<Multiaddr> mayTell) {
        Multiaddr seen = observed.withoutPeerId().withoutZone();
        boolean overLoopback = isLoopback(seen);
        IdentifyMessage.Builder message = IdentifyMessage.newBuilder()
                .setPublicKey(ByteString.copyFrom(publicKey.encoded()))
                .setObservedAddr(ByteString.copyFrom(seen.bytes()))
                .setProtocolVersion(ByteString.copyFromUtf8(PROTOCOL_VERSION))
                .setAgentVersion(ByteString.copyFromUtf8(agentVersion));
        int size = message.build().getSerializedSize();
        for (ProtocolId protocol : protocols) {
            ByteString bytes = ByteString.copyFromUtf8(protocol.value());
            int added = CodedOutputStream.computeBytesSize(PROTOCOLS_FIELD, bytes);
            if (size + added <= MAX_BYTES) {
                size += added;
                message.addProtocols(bytes);
            }
        }
        for (Multiaddr address : listenAddresses) {
            ByteString bytes = ByteString.copyFrom(address.bytes());
            int added = CodedOutputStream.computeBytesSize(LISTEN_ADDRESSES_FIELD, bytes);
            if (size + added <= MAX_BYTES
                    && !isWildcard(address)
                    && (overLoopback || !isLoopback(address))
                    && mayTell.test(address)) {
                size += added;
                message.addListenAddrs(bytes);
            }
        }
        return message.build();
    }

    /** A message with its length in front (IDN-4). The caller releases the buffer. */
    static ByteBuf framed(IdentifyMessage message, ByteBufAllocator allocator) {
        byte[] body = message.toByteArray();
        byte[] length = Varint.encode(body.length);
        int size = length.length + body.length;
        return allocator.buffer(size, size).writeBytes(length).writeBytes(body);
    }

    private static boolean isLoopback(Multiaddr address) {
        Multiaddr.Component host = address.components().get(0);
        return (host.protocol() == MultiaddrProtocol.IP4 && host.value().startsWith("127."))
                || (host.protocol() == MultiaddrProtocol.IP6 && host.value().equals("::1"));
    }

    private static boolean isWildcard(Multiaddr address) {
        Multiaddr.Component host = address.components().get(0);
        return (host.protocol() == MultiaddrProtocol.IP4 && host.value().equals("0.0.0.0"))
                || (host.protocol() == MultiaddrProtocol.IP6 && host.value().equals("::"));
    }
}
