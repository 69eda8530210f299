package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.HeapDump;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.Secrets;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * Noise may end in several ways on a channel. After each of them, its secrets are gone from memory. See
 * {@code WipingTest}.
 */
class ChannelWipingTest {
    private final List<Secrets> secrets = new ArrayList<>();
    private final List<Pair> held = new ArrayList<>();

    private NoiseIdentity identity(String owner) {
        Secrets ofOwner = new Secrets(owner, NoiseCrypto.bouncyCastle());
        secrets.add(ofOwner);
        return NoiseIdentity.create(
                PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults().withCrypto(ofOwner.crypto()));
    }

    /** Two ends whose identities are already closed. The ends have everything that they still need from them. */
    private Pair pair(String scenario) {
        NoiseIdentity alice = identity(scenario + ", initiator");
        NoiseIdentity bob = identity(scenario + ", responder");
        Pair pair = new Pair(alice, bob);
        alice.close();
        bob.close();
        held.add(pair);
        return pair;
    }

    @Conforms("NOI-53")
    @Test
    void nothingIsLeftHoweverAChannelEnds() {
        HeapDump heap = HeapDump.withGarbageOf(() -> {
            secrets.clear();
            held.forEach(Pair::close);
            held.clear();

            pair("closed in the handshake").close();

            Pair failed = pair("failed in the handshake");
            failed.responder.receive(failed.initiator.sent());
            failed.initiator.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            failed.responder.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

            Pair removed = pair("removed in the handshake");
            removed.responder.receive(removed.initiator.sent());
            removed.initiator.channel.pipeline().remove(NoiseHandshakeHandler.class);
            removed.responder.channel.pipeline().remove(NoiseHandshakeHandler.class);

            pair("closed after the handshake").pump().close();
        });

        List<String> left = Secrets.find(heap, secrets);
        held.forEach(Pair::close);
        assertThat(left).isEmpty();
    }
}
