package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;

/** SEC-H2: the information about all peers has one limit. The peers about which most is kept lose their lists first. */
class KnownPeersTest {
    private static final PublicKey KEY = PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final IdentifyInfo SMALL = info(2);
    private static final IdentifyInfo LARGE = info(500);

    private final KnownPeers known =
            new KnownPeers(3 * IdentifyContent.bytes(LARGE) + 100 * IdentifyContent.bytes(SMALL));

    @Test
    void takeTheListsOfThoseOfWhomMostIsKeptAndOfNobodyElse() {
        List<PeerId> honest = someone(100);
        honest.forEach(peer -> known.put(peer, SMALL));

        List<PeerId> greedy = someone(200);
        greedy.forEach(peer -> known.put(peer, LARGE));

        assertThat(known.bytes())
                .isLessThanOrEqualTo(3 * IdentifyContent.bytes(LARGE) + 100 * IdentifyContent.bytes(SMALL));
        assertThat(honest).allMatch(peer -> SMALL.equals(known.get(peer)));
        assertThat(greedy).allMatch(peer -> known.find(peer).isPresent());
        assertThat(greedy).filteredOn(peer -> LARGE.equals(known.get(peer))).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void countWhatIsReplacedAndForgotten() {
        PeerId peer = someone(1).get(0);

        assertThat(known.put(peer, SMALL)).as("new").isTrue();
        assertThat(known.put(peer, LARGE)).as("known").isFalse();
        assertThat(known.bytes()).isEqualTo(IdentifyContent.bytes(LARGE));
        known.forget(peer);
        known.forget(peer);

        assertThat(known.bytes()).isZero();
        assertThat(known.find(peer)).isEmpty();
    }

    private static List<PeerId> someone(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()))
                .toList();
    }

    private static IdentifyInfo info(int addresses) {
        return new IdentifyInfo(
                KEY,
                IntStream.range(0, addresses)
                        .mapToObj(i -> Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (i + 1)))
                        .toList(),
                List.of(new ProtocolId("/any/1")),
                Optional.empty(),
                "",
                "any/1");
    }
}
