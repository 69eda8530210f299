package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.ascii;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.text;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Varint;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;
import org.minip2p.protocols.pb.IdentifyMessage;

class IdentifyPropertyTest {
    private static final int TRIES = 300;
    private static final PublicKey KEY = PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final Multiaddr FAR = Multiaddr.parse("/ip4/198.51.100.7/tcp/5");

    private static final Generator<Set<ProtocolId>> PROTOCOLS = text(
                    0, 40, c -> Printable.isSafe(Character.toString(c)))
            .map(name -> new ProtocolId("/" + name))
            .set(20);
    private static final Generator<Integer> LAST_BYTES = integers(1, 255);
    private static final Generator<Integer> PORTS = integers(0, 65_535);
    private static final Generator<Multiaddr> ADDRESSES =
            choices -> Multiaddr.parse("/ip4/192.0.2." + LAST_BYTES.from(choices) + "/tcp/" + PORTS.from(choices));
    private static final Generator<String> AGENTS = ascii(0, 128);

    @Test
    @Conforms({"IDN-4", "IDN-5", "IDN-19"})
    void whatOneSaysTheOtherKnowsInWhateverPiecesItComes() {
        Property.holds(TRIES, draw -> {
            Set<ProtocolId> protocols = draw.of("protocols", PROTOCOLS);
            Set<Multiaddr> addresses = draw.of("addresses", ADDRESSES.set(20));
            String agent = draw.of("agent", AGENTS);
            int piece = draw.of("bytes of a piece", integers(1, 5000));
            OwnIdentity own = new OwnIdentity(KEY, List.copyOf(addresses), List.copyOf(protocols), agent);
            ByteBuf framed = OwnIdentity.framed(own.messageTo(FAR, address -> true), UnpooledByteBufAllocator.DEFAULT);
            byte[] sent = ByteBufUtil.getBytes(framed);
            framed.release();

            CompletableFuture<IdentifyMessage> result = read(sent, piece);
            IdentifyContent.checkKey(result.join(), PeerId.of(KEY));
            IdentifyInfo info = IdentifyContent.update(result.join(), null, KEY);

            assertThat(sent).hasSizeLessThan(4096);
            assertThat(info.publicKey()).isEqualTo(KEY);
            assertThat(info.protocols()).containsExactlyInAnyOrderElementsOf(protocols);
            assertThat(info.listenAddresses()).containsExactlyInAnyOrderElementsOf(addresses);
            assertThat(info.observedAddress()).contains(FAR);
            assertThat(info.agentVersion()).isEqualTo(agent);
        });
    }

    /** A message that is split into several ones, between any of its fields, is still the same message. */
    @Test
    @Conforms("IDN-21")
    void messagesAreReadAsOne() {
        Property.holds(TRIES, draw -> {
            List<List<byte[]>> parts = draw.of("parts", bytes(0, 200).list(0, 5).list(0, 10));
            int piece = draw.of("bytes of a piece", integers(1, 300));
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            IdentifyMessage.Builder joined = IdentifyMessage.newBuilder();
            for (List<byte[]> part : parts) {
                IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
                for (byte[] value : part) {
                    ByteString bytes = ByteString.copyFrom(value);
                    message.addProtocols(bytes).setAgentVersion(bytes);
                    joined.addProtocols(bytes).setAgentVersion(bytes);
                }
                byte[] body = message.build().toByteArray();
                stream.writeBytes(Varint.encode(body.length));
                stream.writeBytes(body);
            }

            CompletableFuture<IdentifyMessage> result = read(stream.toByteArray(), piece);

            if (parts.isEmpty()) {
                assertThat(result).isCompletedExceptionally();
            } else {
                assertThat(result.join()).isEqualTo(joined.build());
            }
        });
    }

    private static CompletableFuture<IdentifyMessage> read(byte[] bytes, int piece) {
        CompletableFuture<IdentifyMessage> result = new CompletableFuture<>();
        EmbeddedStream stream = new EmbeddedStream(new IdentifyReader(result, InboundBytesTest.plenty()));
        for (int at = 0; at < bytes.length; at += piece) {
            stream.peerSends(Arrays.copyOfRange(bytes, at, Math.min(at + piece, bytes.length)));
        }
        stream.peerEnds();
        stream.finishAndReleaseAll();
        return result;
    }
}
