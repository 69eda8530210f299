package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.NoiseHandshake.Complete;
import org.minip2p.noise.NoiseHandshake.Proof;
import org.minip2p.noise.NoiseHandshake.Reply;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * Secrets are gone from memory once they are no longer needed. The tests search the heap for private keys, shared
 * secrets, chaining keys, cipher keys, and the intermediate values of HKDF.
 *
 * <p>With BouncyCastle's crypto, the search includes garbage: no array that contained a secret still contains it. The
 * other providers leave copies to the collector, which we cannot wipe. With them, the search covers only reachable
 * objects.
 */
class WipingTest {
    private static final byte[] NOTHING = new byte[0];
    private static final NoiseCrypto REFERENCE = NoiseCrypto.bouncyCastle();
    private static final PublicKey SLOW_KEY =
            PrivateKey.generate(KeyType.SECP256K1).publicKey();
    private static final byte[] LOW_ORDER_POINT = HexFormat.of()
            .parseHex(Vectors.load("noise-xx").texts("low_order_points").get(1));

    private final List<Secrets> secrets = new ArrayList<>();

    /** Objects to which an application may keep a reference for longer than necessary. */
    private final List<Object> held = new ArrayList<>();

    @FunctionalInterface
    private interface Scenario {
        void run() throws Exception;
    }

    /** Runs scenarios and returns which of their secrets are left. */
    private List<String> leftBy(Scenario... scenarios) {
        HeapDump heap = HeapDump.withGarbageOf(() -> {
            secrets.clear();
            held.clear();
            for (Scenario scenario : scenarios) {
                run(scenario);
            }
        });
        return found(heap);
    }

    private static void run(Scenario scenario) {
        try {
            scenario.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<String> found(HeapDump heap) {
        assertThat(secrets).isNotEmpty();
        return Secrets.find(heap, secrets);
    }

    private NoiseCrypto recorded(String owner, NoiseCrypto crypto) {
        Secrets recorder = new Secrets(owner, crypto);
        secrets.add(recorder);
        return recorder.crypto();
    }

    /** A host and its side of one handshake, each with its own crypto. */
    private final class Party {
        final NoiseIdentity identity;
        final NoiseHandshake handshake;

        Party(Role role, NoiseIdentity identity, @Nullable PeerId expected) {
            this.identity = identity;
            handshake = new NoiseHandshake(identity, role, expected, true);
            held.add(handshake);
            held.add(identity);
        }

        Party(String scenario, Role role) {
            this(role, identity(scenario + ", " + role, REFERENCE), null);
        }
    }

    private NoiseIdentity identity(String owner, NoiseCrypto crypto) {
        return NoiseIdentity.create(
                PrivateKey.generate(KeyType.ED25519), NoiseConfig.defaults().withCrypto(recorded(owner, crypto)));
    }

    private record Session(TransportState initiator, TransportState responder) {
        void close() {
            initiator.close();
            responder.close();
        }
    }

    /** Runs a whole handshake, after which both hosts close their identities. */
    private Session session(String scenario, NoiseCrypto crypto) throws NoiseException {
        Party one = new Party(Role.INITIATOR, identity(scenario + ", INITIATOR", crypto), null);
        Party other = new Party(Role.RESPONDER, identity(scenario + ", RESPONDER", crypto), null);
        Reply second = (Reply) other.handshake.receive(one.handshake.begin());
        Complete third = (Complete) one.handshake.receive(second.message());
        Complete last = (Complete) other.handshake.receive(third.lastMessage().orElseThrow());
        one.identity.close();
        other.identity.close();
        held.add(third);
        held.add(last);
        return new Session(third.transport(), last.transport());
    }

    private static void exchange(Session session) throws NoiseException {
        byte[] message = new byte[4 + CipherState.TAG_BYTES];
        session.initiator().send().encrypt(message, 0, 4);
        session.responder().receive().decrypt(message, 0, message.length);
        session.responder().send().encrypt(message, 0, 4);
        session.initiator().receive().decrypt(message, 0, message.length);
    }

    /** Checks the search itself: an open session has exactly the keys of both directions. */
    @Test
    void anOpenSessionHasTheKeysOfItsCiphersAlone() {
        List<String> left = leftBy(() -> exchange(session("open", REFERENCE)));

        // They are the last two cipher keys, which are the outputs of the last HKDF.
        for (String owner : List.of("open, INITIATOR", "open, RESPONDER")) {
            assertThat(left)
                    .filteredOn(name -> name.startsWith(owner))
                    .containsExactly(
                            owner + ": cipher key 3",
                            owner + ": cipher key 4",
                            owner + ": cipher key in words 3",
                            owner + ": cipher key in words 4",
                            owner + ": chaining key 3",
                            owner + ": second output of HKDF 3");
        }
    }

    @Conforms("NOI-53")
    @Test
    void aSessionThatIsClosedLeavesNothing() {
        List<String> left = leftBy(
                () -> {
                    Session session = session("used", REFERENCE);
                    exchange(session);
                    session.close();
                },
                () -> session("unused", REFERENCE).close());

        assertThat(left).isEmpty();
    }

    @Test
    void aHandshakeThatIsClosedLeavesNothing() {
        List<String> left = leftBy(
                () -> {
                    Party party = new Party("before message 1", Role.INITIATOR);
                    close(party);
                },
                () -> {
                    Party one = new Party("after message 1", Role.INITIATOR);
                    one.handshake.begin();
                    close(one);
                },
                () -> {
                    Party one = new Party("after message 2", Role.INITIATOR);
                    Party other = new Party("after message 2", Role.RESPONDER);
                    other.handshake.receive(one.handshake.begin());
                    close(one);
                    close(other);
                });

        assertThat(left).isEmpty();
    }

    private static void close(Party party) {
        party.handshake.close();
        party.identity.close();
    }

    @Test
    void aHandshakeThatFailsLeavesNothing() {
        List<String> left = leftBy(
                () -> fails("short message 1", 1, message -> Arrays.copyOf(message, 31)),
                () -> fails("payload in message 1", 1, message -> Arrays.copyOf(message, 33)),
                () -> fails("message 1 of low order", 1, message -> LOW_ORDER_POINT.clone()),
                () -> fails("short message 2", 2, message -> Arrays.copyOf(message, 95)),
                () -> fails("message 2 of low order", 2, message -> {
                    System.arraycopy(LOW_ORDER_POINT, 0, message, 0, 32);
                    return message;
                }),
                () -> fails("other static key in message 2", 2, message -> flipped(message, 40)),
                () -> fails("other payload in message 2", 2, message -> flipped(message, 100)),
                () -> fails("short message 3", 3, message -> Arrays.copyOf(message, 63)),
                () -> fails("other static key in message 3", 3, message -> flipped(message, 0)),
                () -> fails("other payload in message 3", 3, message -> flipped(message, 60)),
                this::findsAnotherPeer,
                this::findsNoProof);

        assertThat(left).isEmpty();
    }

    private static byte[] flipped(byte[] message, int at) {
        message[at] ^= 1;
        return message;
    }

    /** One of the three messages is changed in transit. Its reader fails, and the other end gives up. */
    private void fails(String scenario, int number, UnaryOperator<byte[]> change) throws NoiseException {
        Party one = new Party(scenario, Role.INITIATOR);
        Party other = new Party(scenario, Role.RESPONDER);
        byte[] message = one.handshake.begin();
        if (number > 1) {
            message = ((Reply) other.handshake.receive(message)).message();
        }
        if (number > 2) {
            Complete complete = (Complete) one.handshake.receive(message);
            complete.transport().close();
            message = complete.lastMessage().orElseThrow();
        }
        byte[] changed = change.apply(message);
        NoiseHandshake reader = number == 2 ? one.handshake : other.handshake;
        NoiseHandshake writer = number == 2 ? other.handshake : one.handshake;

        assertThatThrownBy(() -> reader.receive(changed)).isInstanceOf(NoiseException.class);

        writer.close();
        one.identity.close();
        other.identity.close();
    }

    /** The peer proves its identity, but it is not the expected peer. */
    private void findsAnotherPeer() throws NoiseException {
        PeerId wanted = TestKeys.honest().peer();
        Party one = new Party(Role.INITIATOR, identity("another peer, INITIATOR", REFERENCE), wanted);
        Party other = new Party("another peer", Role.RESPONDER);
        byte[] second = ((Reply) other.handshake.receive(one.handshake.begin())).message();

        assertThatThrownBy(() -> one.handshake.receive(second)).isInstanceOf(PeerIdMismatchException.class);

        other.handshake.close();
        one.identity.close();
        other.identity.close();
    }

    /** A proof that takes long to check has an invalid signature. */
    private void findsNoProof() throws NoiseException {
        NoiseCrypto crypto = recorded("no proof, RESPONDER", REFERENCE);
        NoiseIdentity forger = new NoiseIdentity(
                SLOW_KEY,
                new byte[1],
                crypto.x25519().generate(),
                NoiseConfig.defaults().withCrypto(crypto));
        Party one = new Party("no proof", Role.INITIATOR);
        Party other = new Party(Role.RESPONDER, forger, null);
        Proof proof = (Proof) one.handshake.receive(((Reply) other.handshake.receive(one.handshake.begin())).message());
        proof.check();

        assertThatThrownBy(() -> one.handshake.conclude(proof)).isInstanceOf(RemoteIdentityException.class);

        other.handshake.close();
        one.identity.close();
        other.identity.close();
    }

    /** This does not depend on the caller. The static key belongs to the caller, who wipes it. */
    @Conforms("NOI-53")
    @Test
    void aStateWipesItselfWhenItSplits() {
        List<String> left = leftBy(() -> {
            KeyPair staticKey = TestKeys.staticKey();
            HandshakeState one = new HandshakeState(recorded("one", REFERENCE), Role.INITIATOR, NOTHING, staticKey);
            HandshakeState other = new HandshakeState(recorded("other", REFERENCE), Role.RESPONDER, NOTHING, staticKey);
            other.readMessage(one.writeMessage(NOTHING));
            one.readMessage(other.writeMessage(NOTHING));
            other.readMessage(one.writeMessage(NOTHING));
            one.split().close();
            other.split().close();
            held.add(one);
            held.add(other);
        });

        assertThat(left).isEmpty();
    }

    /** A message that fails does not change the state. Nothing that was derived for it remains. */
    @Test
    void aFailedMessageLeavesNothingOfItsOwn() {
        List<String> left = leftBy(
                () -> {
                    HandshakeState reader = new HandshakeState(
                            recorded("writing", REFERENCE), Role.RESPONDER, NOTHING, TestKeys.staticKey());
                    held.add(reader);
                    reader.readMessage(LOW_ORDER_POINT);
                    assertThatThrownBy(() -> reader.writeMessage(NOTHING)).isInstanceOf(HandshakeFailedException.class);
                },
                () -> {
                    HandshakeState writer =
                            new HandshakeState(REFERENCE, Role.RESPONDER, NOTHING, TestKeys.staticKey());
                    // The test does not search for the ephemeral key, since the state needs it for the next try.
                    NoiseCrypto crypto = FixedNoise.generating(recorded("reading", REFERENCE), TestKeys::staticKey);
                    HandshakeState reader = new HandshakeState(crypto, Role.INITIATOR, NOTHING, TestKeys.staticKey());
                    held.add(reader);
                    writer.readMessage(reader.writeMessage(NOTHING));
                    byte[] changed = flipped(writer.writeMessage(NOTHING), 90);
                    writer.close();
                    assertThatThrownBy(() -> reader.readMessage(changed)).isInstanceOf(HandshakeFailedException.class);
                });

        assertThat(left).isEmpty();
    }

    static Stream<NoiseCrypto> providers() {
        return Stream.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle());
    }

    /** A cipher, a key agreement or a key generator that serves a whole thread keeps no secret of its last use. */
    @Conforms("NOI-53")
    @ParameterizedTest
    @MethodSource("providers")
    void noProviderHoldsASecretOnceTheSessionIsClosed(NoiseCrypto crypto) throws Exception {
        Session session = session(crypto.name(), crypto);
        exchange(session);
        session.close();

        assertThat(found(HeapDump.ofReachable())).isEmpty();
    }
}
