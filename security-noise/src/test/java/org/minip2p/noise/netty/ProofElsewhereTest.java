package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.noise.HandshakeFailedException;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.RemoteIdentityException;
import org.minip2p.noise.TestKeys;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.netty.Pair.End;

/** SEC-4: proofs of identity that take long to check do not block the event loop. */
class ProofElsewhereTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private final Queue<Runnable> elsewhere = new ArrayDeque<>();

    @ParameterizedTest
    @EnumSource(
            value = KeyType.class,
            names = {"RSA", "ECDSA", "SECP256K1"})
    void waitsForTheProofOnEitherSideAndReadsNothingMeanwhile(KeyType type) {
        try (Pair pair = new Pair(end(type, Role.INITIATOR, null), end(type, Role.RESPONDER, null))) {
            pair.initiator.greeting = HELLO;
            pair.responder.greeting = HELLO;

            pair.pump();
            assertThat(pair.initiator.sessions).isEmpty();
            assertThat(pair.initiator.channel.config().isAutoRead()).isFalse();
            checkOne(pair.initiator);
            assertThat(pair.initiator.sessions).hasSize(1);
            assertThat(pair.initiator.channel.config().isAutoRead()).isTrue();

            pair.pump();
            assertThat(pair.responder.sessions).isEmpty();
            assertThat(pair.responder.channel.config().isAutoRead()).isFalse();
            checkOne(pair.responder);
            assertThat(pair.responder.sessions).hasSize(1);
            pair.pump();

            assertThat(elsewhere).isEmpty();
            assertThat(pair.responder.tail.received.toByteArray())
                    .as("came directly after message 3")
                    .isEqualTo(HELLO);
            assertThat(pair.initiator.tail.received.toByteArray()).isEqualTo(HELLO);
        }
    }

    @Test
    void checksEd25519OnTheSpot() {
        try (Pair pair = new Pair(
                        end(KeyType.ED25519, Role.INITIATOR, null), end(KeyType.ED25519, Role.RESPONDER, null))
                .pump()) {
            assertThat(pair.initiator.sessions).hasSize(1);
            assertThat(pair.responder.sessions).hasSize(1);
        }
    }

    @Test
    void failsWhenTheProofIsNone() {
        KeyPair staticKey = TestKeys.staticKey();
        PrivateKey key = PrivateKey.generate(KeyType.ECDSA);
        NoiseIdentity forged = TestKeys.forged(key.publicKey(), key.sign(new byte[3]), staticKey);
        try (Pair pair = new Pair(
                new End(forged, Role.INITIATOR, null, null, elsewhere::add),
                end(KeyType.ED25519, Role.RESPONDER, null))) {
            pair.pump();
            checkOne(pair.responder);

            assertThat(pair.responder.failures).singleElement().isInstanceOf(RemoteIdentityException.class);
            assertThat(pair.responder.sessions).isEmpty();
        }
    }

    @Test
    void failsBeforeMessageThreeWhenItIsNotTheOneDialed() {
        PeerId other = TestKeys.honest().peer();
        try (Pair pair =
                new Pair(end(KeyType.ED25519, Role.INITIATOR, other), end(KeyType.ECDSA, Role.RESPONDER, null))) {
            pair.pump();
            checkOne(pair.initiator);

            assertThat(pair.initiator.failures).singleElement().isInstanceOf(PeerIdMismatchException.class);
            assertThat(pair.initiator.sent()).isEmpty();
        }
    }

    @Test
    void forgetsAProofWhoseConnectionEndsMeanwhile() {
        try (Pair pair =
                new Pair(end(KeyType.ED25519, Role.INITIATOR, null), end(KeyType.ECDSA, Role.RESPONDER, null))) {
            pair.pump();
            pair.initiator.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertThat(pair.initiator.failures).singleElement().isInstanceOf(HandshakeFailedException.class);

            checkOne(pair.initiator);

            assertThat(pair.initiator.failures).hasSize(1);
            assertThat(pair.initiator.sessions).isEmpty();
            assertThat(pair.initiator.sent()).isEmpty();
        }
    }

    @Test
    void failsWhenNobodyChecksAnyMore() {
        End refused = new End(TestKeys.honest(), Role.INITIATOR, null, null, task -> {
            throw new RejectedExecutionException("as the test wants it");
        });
        try (Pair pair = new Pair(refused, end(KeyType.ECDSA, Role.RESPONDER, null)).pump()) {
            assertThat(pair.initiator.failures).singleElement().isInstanceOf(HandshakeFailedException.class);
        }
    }

    private End end(KeyType type, Role role, @Nullable PeerId expected) {
        NoiseIdentity identity = NoiseIdentity.create(PrivateKey.generate(type), NoiseConfig.defaults());
        return new End(identity, role, expected, null, elsewhere::add);
    }

    private void checkOne(End end) {
        elsewhere.remove().run();
        end.channel.runPendingTasks();
    }
}
