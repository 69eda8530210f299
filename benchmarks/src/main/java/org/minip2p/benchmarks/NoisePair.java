package org.minip2p.benchmarks;

import org.minip2p.core.KeyType;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseHandshake;
import org.minip2p.noise.NoiseHandshake.Complete;
import org.minip2p.noise.NoiseHandshake.Outcome;
import org.minip2p.noise.NoiseHandshake.Reply;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.TransportState;

/** Both ends of one Noise handshake, without sockets. Their static keys are created and signed once, as in a host. */
final class NoisePair implements AutoCloseable {
    private final NoiseIdentity initiator =
            NoiseIdentity.create(PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults());
    private final NoiseIdentity responder =
            NoiseIdentity.create(PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults());

    /**
     * The result of a handshake.
     *
     * @param initiator the ciphers of the initiator
     * @param responder the ciphers of the responder
     */
    record Ciphers(TransportState initiator, TransportState responder) implements AutoCloseable {
        @Override
        public void close() {
            initiator.close();
            responder.close();
        }
    }

    /** Performs a complete handshake. */
    Ciphers shakeHands() throws NoiseException {
        NoiseHandshake asking = new NoiseHandshake(initiator, Role.INITIATOR, responder.peer());
        NoiseHandshake answering = new NoiseHandshake(responder, Role.RESPONDER, null);
        Reply second = as(Reply.class, answering.receive(asking.begin()));
        Complete asked = as(Complete.class, asking.receive(second.message()));
        Complete answered =
                as(Complete.class, answering.receive(asked.lastMessage().orElseThrow()));
        return new Ciphers(asked.transport(), answered.transport());
    }

    private static <T extends Outcome> T as(Class<T> type, Outcome outcome) {
        return type.cast(outcome);
    }

    @Override
    public void close() {
        initiator.close();
        responder.close();
    }
}
