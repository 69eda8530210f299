package org.minip2p.host.book;

import java.util.List;
import java.util.stream.IntStream;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

/** Peers and addresses for tests of books. */
final class Peers {
    static final PeerId ANNA = next();
    static final PeerId BERT = next();

    private Peers() {}

    static PeerId next() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }

    static Multiaddr at(String text) {
        return Multiaddr.parse(text);
    }

    /** Different addresses, all of which can be dialed from everywhere. */
    static List<Multiaddr> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> at("/ip4/198.51." + i / 250 + "." + (i % 250 + 1) + "/tcp/4001"))
                .toList();
    }
}
