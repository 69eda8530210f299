package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Varint;
import org.minip2p.core.testing.Conforms;
import org.minip2p.protocols.pb.IdentifyMessage;

class IdentifyPropertyTest {
    private static final PublicKey KEY = PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final Multiaddr FAR = Multiaddr.parse("/ip4/198.51.100.7/tcp/5");

    @Provide
    Arbitrary<Set<ProtocolId>> protocols() {
        return Arbitraries.strings()
                .excludeChars('\n')
                .ofMaxLength(40)
                .filter(IdentifyPropertyTest::isText)
                .map(name -> new ProtocolId("/" + name))
                .set()
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<Set<Multiaddr>> addresses() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 255),
                        Arbitraries.integers().between(0, 65_535))
                .as((last, port) -> Multiaddr.parse("/ip4/192.0.2." + last + "/tcp/" + port))
                .set()
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> agents() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(128);
    }

    @Property(tries = 300)
    @Conforms({"IDN-4", "IDN-5", "IDN-19"})
    void whatOneSaysTheOtherKnowsInWhateverPiecesItComes(
            @ForAll("protocols") Set<ProtocolId> protocols,
            @ForAll("addresses") Set<Multiaddr> addresses,
            @ForAll("agents") String agent,
            @ForAll @IntRange(min = 1, max = 5000) int piece)
            throws Exception {
        OwnIdentity own = new OwnIdentity(KEY, List.copyOf(addresses), List.copyOf(protocols), agent);
        ByteBuf framed = OwnIdentity.framed(own.messageTo(FAR), UnpooledByteBufAllocator.DEFAULT);
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
    }

    /** A message cut into several at any fields is the same message. */
    @Property(tries = 300)
    @Conforms("IDN-21")
    void messagesAreReadAsOne(
            @ForAll @Size(max = 10) List<@Size(max = 5) List<byte[]>> parts,
            @ForAll @IntRange(min = 1, max = 300) int piece) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        IdentifyMessage.Builder joined = IdentifyMessage.newBuilder();
        for (List<byte[]> part : parts) {
            IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
            for (byte[] value : part) {
                ByteString bytes = ByteString.copyFrom(Arrays.copyOf(value, Math.min(value.length, 200)));
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
    }

    private static CompletableFuture<IdentifyMessage> read(byte[] bytes, int piece) {
        CompletableFuture<IdentifyMessage> result = new CompletableFuture<>();
        EmbeddedStream stream = new EmbeddedStream(new IdentifyReader(result));
        for (int at = 0; at < bytes.length; at += piece) {
            stream.peerSends(Arrays.copyOfRange(bytes, at, Math.min(at + piece, bytes.length)));
        }
        stream.peerEnds();
        stream.finishAndReleaseAll();
        return result;
    }

    /** Half of a pair of surrogates is no text. */
    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
