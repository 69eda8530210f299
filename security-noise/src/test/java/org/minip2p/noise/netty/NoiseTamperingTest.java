package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.RawPeer;
import org.minip2p.noise.TestKeys;
import org.minip2p.noise.netty.Pair.End;

/** Random changes. A failure shows its seed, which repeats it. */
class NoiseTamperingTest {
    private static final int ROUNDS = 60;
    private static final byte[] NOTHING = new byte[0];

    private final NoiseIdentity alice = TestKeys.honest();
    private final NoiseIdentity bob = TestKeys.honest();

    /** Changes a message: flips, cuts, appends, randomizes or moves some of its bytes. */
    private static byte[] mutate(Random random, byte[] original) {
        byte[] bytes = original.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(50));
            case 3 -> {
                int from = random.nextInt(bytes.length);
                random.nextBytes(bytes);
                System.arraycopy(original, 0, bytes, 0, from);
            }
            default -> {
                int at = random.nextInt(bytes.length);
                System.arraycopy(bytes, 0, bytes, at, bytes.length - at);
            }
        }
        return bytes;
    }

    private static void assertFailedOrWaiting(End end, long seed) {
        assertThat(end.sessions).as("seed %d", seed).isEmpty();
        assertThat(end.failures.size()).as("seed %d", seed).isLessThanOrEqualTo(1);
        end.close();
        assertThat(end.failures).as("seed %d", seed).singleElement().isInstanceOf(NoiseException.class);
    }

    @Test
    void aChangedMessageOnTheWireNeverMakesASession() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            int target = random.nextInt(3);
            Pair pair = new Pair(alice, bob);
            byte[] first = pair.initiator.sent();
            byte[] changed = target == 0 ? mutate(random, first) : first;
            pair.responder.receive(changed);
            byte[] second = pair.responder.sent();
            if (target == 0) {
                // If the first key was changed, the initiator cannot open message 2.
                pair.initiator.receive(second);
                if (!Arrays.equals(first, Arrays.copyOf(changed, first.length))) {
                    assertFailedOrWaiting(pair.initiator, seed);
                }
                pair.close();
                continue;
            }
            byte[] changedSecond = target == 1 ? mutate(random, second) : second;
            pair.initiator.receive(changedSecond);
            if (target == 1) {
                if (!Arrays.equals(second, Arrays.copyOf(changedSecond, second.length))) {
                    assertThat(pair.initiator.sent()).as("seed %d", seed).isEmpty();
                    assertFailedOrWaiting(pair.initiator, seed);
                }
                pair.close();
                continue;
            }
            byte[] third = pair.initiator.sent();
            byte[] changedThird = mutate(random, third);
            pair.responder.receive(changedThird);
            if (!Arrays.equals(third, Arrays.copyOf(changedThird, third.length))) {
                assertFailedOrWaiting(pair.responder, seed);
            }
            pair.close();
        }
    }

    /** The payload is changed before the peer encrypts it. So it can be opened, but must still be refused. */
    @Test
    void aChangedPayloadNeverMakesASessionWithAnotherPeer() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            RawPeer responding = new RawPeer(Role.RESPONDER);
            byte[] signature = key.sign(TestKeys.signedBytes(responding.staticKey));
            End initiator = new End(alice, Role.INITIATOR, null);
            responding.read(initiator.sent());
            byte[] payload = mutate(random, TestKeys.payload(key.publicKey().encoded(), signature, "/yamux/1.0.0"));
            initiator.receive(responding.write(payload));
            assertOnlyTheTruth(initiator, key, seed);

            RawPeer initiating = new RawPeer(Role.INITIATOR);
            signature = key.sign(TestKeys.signedBytes(initiating.staticKey));
            End responder = new End(bob, Role.RESPONDER, null);
            responder.receive(initiating.write(NOTHING));
            initiating.read(responder.sent());
            payload = mutate(random, TestKeys.payload(key.publicKey().encoded(), signature, "/yamux/1.0.0"));
            responder.receive(initiating.write(payload));
            assertOnlyTheTruth(responder, key, seed);
        }
    }

    /** Either the handshake failed, or the change does not affect the proof. */
    private static void assertOnlyTheTruth(End end, PrivateKey key, long seed) {
        assertThat(end.sessions.size() + end.failures.size())
                .as("seed %d", seed)
                .isEqualTo(1);
        end.sessions.forEach(
                session -> assertThat(session.remoteKey()).as("seed %d", seed).isEqualTo(key.publicKey()));
        end.close();
    }

    @Test
    void noiseInEveryStateIsAFailureAndNothingElse() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            End responder = new End(bob, Role.RESPONDER, null);
            responder.receive(garbage);
            End initiator = new End(alice, Role.INITIATOR, null);
            initiator.receive(garbage);
            assertFailedOrWaiting(responder, seed);
            assertFailedOrWaiting(initiator, seed);

            Pair pair = new Pair(alice, bob).pump();
            pair.initiator.receive(garbage);
            assertThat(pair.initiator.tail.received.size()).as("seed %d", seed).isZero();
            pair.close();
        }
    }
}
