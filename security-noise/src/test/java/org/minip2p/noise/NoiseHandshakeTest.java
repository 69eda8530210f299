package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.NoiseHandshake.Complete;
import org.minip2p.noise.NoiseHandshake.Reply;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.pb.NoiseHandshakePayload;

class NoiseHandshakeTest {
    private static final NoiseConfig CONFIG = NoiseConfig.defaults();

    private static NoiseIdentity identity(KeyType type, NoiseConfig config) {
        return NoiseIdentity.create(PrivateKey.generate(type), config);
    }

    private record Both(SecureSession initiator, SecureSession responder) {}

    private static Both run(NoiseIdentity initiator, NoiseIdentity responder) throws NoiseException {
        NoiseHandshake first = new NoiseHandshake(initiator, Role.INITIATOR, responder.peer());
        NoiseHandshake second = new NoiseHandshake(responder, Role.RESPONDER, null);
        Reply reply = (Reply) second.receive(first.begin());
        Complete initiated = (Complete) first.receive(reply.message());
        Complete responded = (Complete) second.receive(initiated.lastMessage().orElseThrow());
        assertThat(responded.lastMessage()).isEmpty();
        assertThat(initiated.transport().handshakeHash())
                .isEqualTo(responded.transport().handshakeHash());
        return new Both(initiated.session(), responded.session());
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void provesIdentitiesOfEveryKeyType(KeyType type) throws Exception {
        NoiseIdentity initiator = identity(type, CONFIG);
        NoiseIdentity responder = identity(KeyType.ED25519, CONFIG);

        Both both = run(initiator, responder);

        assertThat(both.initiator().remotePeer()).isEqualTo(responder.peer());
        assertThat(both.responder().remotePeer()).isEqualTo(initiator.peer());
        assertThat(PeerId.of(both.responder().remoteKey())).isEqualTo(initiator.peer());
        assertThat(both.responder().localPeer()).isEqualTo(responder.peer());
        assertThat(both.responder().isWithSelf()).isFalse();
    }

    @Conforms("NOI-1")
    @Test
    void isCalledAsTheSpecificationSays() {
        assertThat(NoiseHandshake.PROTOCOL_ID).isEqualTo("/noise");
    }

    /** The first key of the handshake opens the static key only if exactly the empty prologue was hashed. */
    @Conforms({"NOI-2", "NOI-3", "NOI-4", "NOI-6", "NOI-8", "NOI-9", "NOI-10"})
    @Test
    void mixesAnEmptyPrologueIntoTheHash() throws Exception {
        NoiseCrypto crypto = CONFIG.crypto();
        KeyPair ours = crypto.x25519().generate();
        NoiseIdentity responder = identity(KeyType.ED25519, CONFIG);
        Reply reply = (Reply) new NoiseHandshake(responder, Role.RESPONDER, null).receive(ours.publicKey());
        byte[] theirEphemeral = Arrays.copyOf(reply.message(), 32);
        byte[] sealedStatic = Arrays.copyOfRange(reply.message(), 32, 80);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] name = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);

        byte[] hash = sha256.digest(name);
        sha256.update(hash);
        hash = sha256.digest(ours.publicKey());
        hash = sha256.digest(hash);
        sha256.update(hash);
        hash = sha256.digest(theirEphemeral);
        byte[] secret = new byte[32];
        crypto.x25519().agree(ours.privateKey(), theirEphemeral, secret);
        byte[] key = new byte[32];
        new Hkdf().derive(name, secret, new byte[32], key);
        crypto.aead(key).open(0, hash, sealedStatic, 0, sealedStatic.length);

        assertThat(Arrays.copyOf(sealedStatic, 32))
                .isEqualTo(responder.staticKey().publicKey());
    }

    /** A peer receives from us one key, one signature over the static key of this handshake, and the muxers. */
    @Conforms({"NOI-17", "NOI-37", "NOI-40", "NOI-41", "NOI-49", "NOI-51", "NOI-55", "NOI-59"})
    @Test
    void sendsKeyAndSignatureInMessages2And3AndNothingElse() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        NoiseIdentity ours = NoiseIdentity.create(key, CONFIG.withMuxers(List.of("/a", "/b")));

        RawPeer initiating = new RawPeer(Role.INITIATOR);
        NoiseHandshake responder = new NoiseHandshake(ours, Role.RESPONDER, null);
        Reply second = (Reply) responder.receive(unframed(initiating.write(new byte[0])));
        assertPayload(initiating.read(RawPeer.frame(second.message())), ours, key, "/a", "/b");

        RawPeer responding = new RawPeer(Role.RESPONDER);
        NoiseHandshake initiator = new NoiseHandshake(ours, Role.INITIATOR, null);
        assertThat(responding.read(RawPeer.frame(initiator.begin()))).isEmpty();
        Complete third = (Complete) initiator.receive(unframed(responding.write(proof(responding, "/x", "/b", "/a"))));
        assertPayload(responding.read(RawPeer.frame(third.lastMessage().orElseThrow())), ours, key, "/a");
    }

    private static void assertPayload(byte[] payload, NoiseIdentity ours, PrivateKey key, String... muxers)
            throws InvalidProtocolBufferException {
        NoiseHandshakePayload sent = NoiseHandshakePayload.parseFrom(payload);
        byte[] staticKey = ours.staticKey().publicKey();

        assertThat(sent.getIdentityKey().toByteArray())
                .isEqualTo(key.publicKey().encoded());
        assertThat(key.publicKey()
                        .verify(
                                HandshakePayload.signedBytes(staticKey),
                                sent.getIdentitySig().toByteArray()))
                .isTrue();
        assertThat(staticKey).isNotEqualTo(key.publicKey().data());
        assertThat(sent.getExtensions().getStreamMuxersList()).containsExactly(muxers);
        assertThat(sent.getExtensions().getWebtransportCerthashesList()).isEmpty();
        assertThat(sent.getUnknownFields().asMap()).isEmpty();
        assertThat(sent.getExtensions().getUnknownFields().asMap()).isEmpty();
    }

    /** The payload of an honest peer with a new key. */
    private static byte[] proof(RawPeer peer, String... muxers) {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        return TestKeys.payload(key.publicKey().encoded(), key.sign(TestKeys.signedBytes(peer.staticKey)), muxers);
    }

    /**
     * Extensions are used only after the proof has been checked, so a forger does not learn which muxers we support.
     */
    @Conforms("NOI-50")
    @Test
    void judgesTheProofBeforeTheMuxers() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        byte[] forged = TestKeys.payload(key.publicKey().encoded(), new byte[64], "/foreign");

        RawPeer responding = new RawPeer(Role.RESPONDER);
        NoiseHandshake initiator = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.INITIATOR, null);
        responding.read(RawPeer.frame(initiator.begin()));
        byte[] second = unframed(responding.write(forged));
        assertThatThrownBy(() -> initiator.receive(second)).isInstanceOf(RemoteIdentityException.class);

        RawPeer initiating = new RawPeer(Role.INITIATOR);
        NoiseHandshake responder = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        initiating.read(RawPeer.frame(((Reply) responder.receive(unframed(initiating.write(new byte[0])))).message()));
        byte[] third = unframed(initiating.write(forged));
        assertThatThrownBy(() -> responder.receive(third)).isInstanceOf(RemoteIdentityException.class);
    }

    /** jvm-libp2p sends fields 3 and 4, but empty. */
    @Conforms({"NOI-47", "NOI-58"})
    @Test
    void takesEmptyFields3And4AsNothing() throws Exception {
        RawPeer responding = new RawPeer(Role.RESPONDER);
        NoiseHandshake initiator = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.INITIATOR, null);
        responding.read(RawPeer.frame(initiator.begin()));
        Complete initiated = (Complete) initiator.receive(unframed(responding.write(withEmptyFields(responding))));
        responding.read(RawPeer.frame(initiated.lastMessage().orElseThrow()));

        RawPeer initiating = new RawPeer(Role.INITIATOR);
        NoiseHandshake responder = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        initiating.read(RawPeer.frame(((Reply) responder.receive(unframed(initiating.write(new byte[0])))).message()));
        Complete responded = (Complete) responder.receive(unframed(initiating.write(withEmptyFields(initiating))));

        assertThat(initiated.session().earlyMuxer()).isEmpty();
        assertThat(responded.session().earlyMuxer()).isEmpty();
    }

    private static byte[] withEmptyFields(RawPeer peer) {
        byte[] proof = proof(peer);
        byte[] longer = Arrays.copyOf(proof, proof.length + 4);
        longer[proof.length] = 0x1a;
        longer[proof.length + 2] = 0x22;
        return longer;
    }

    @Conforms("NOI-46")
    @Test
    void aResponderTakesAnyPeerUnlessToldOtherwise() throws Exception {
        NoiseIdentity stranger = identity(KeyType.ED25519, CONFIG);
        NoiseIdentity ours = identity(KeyType.ED25519, CONFIG);
        assertThat(run(stranger, ours).responder().remotePeer()).isEqualTo(stranger.peer());

        NoiseHandshake first = new NoiseHandshake(stranger, Role.INITIATOR, null);
        NoiseHandshake choosy = new NoiseHandshake(ours, Role.RESPONDER, ours.peer());
        Complete third = (Complete) first.receive(((Reply) choosy.receive(first.begin())).message());

        assertThatThrownBy(() -> choosy.receive(third.lastMessage().orElseThrow()))
                .isInstanceOf(PeerIdMismatchException.class);
    }

    @Conforms("NOI-54")
    @Test
    void tellsWhenThePeerIsOurself() throws Exception {
        NoiseIdentity self = identity(KeyType.ED25519, CONFIG);

        assertThat(run(self, self).initiator().isWithSelf()).isTrue();
    }

    @Conforms({"NOI-56", "NOI-59"})
    @Test
    void agreesOnTheInitiatorsFirstMuxer() throws Exception {
        NoiseIdentity initiator = identity(KeyType.ED25519, CONFIG.withMuxers(List.of("/a", "/b", "/c")));
        NoiseIdentity responder = identity(KeyType.ED25519, CONFIG.withMuxers(List.of("/c", "/b")));

        Both both = run(initiator, responder);

        assertThat(both.initiator().earlyMuxer()).contains("/b");
        assertThat(both.responder().earlyMuxer()).contains("/b");
    }

    @Conforms({"NOI-58", "NOI-62"})
    @Test
    void leavesTheMuxerToTheChannelWhenEitherSideHasItTurnedOff() throws Exception {
        NoiseIdentity on = identity(KeyType.ED25519, CONFIG);
        NoiseIdentity off = identity(KeyType.ED25519, CONFIG.withEarlyMuxerNegotiation(false));

        for (Both both : List.of(run(on, off), run(off, on), run(off, off))) {
            assertThat(both.initiator().earlyMuxer()).isEmpty();
            assertThat(both.responder().earlyMuxer()).isEmpty();
        }
    }

    /** The initiator fails before message 3. */
    @Conforms("NOI-57")
    @Test
    void failsWhenNoMuxerIsShared() throws Exception {
        NoiseHandshake first =
                new NoiseHandshake(identity(KeyType.ED25519, CONFIG.withMuxers(List.of("/a"))), Role.INITIATOR, null);
        NoiseHandshake second =
                new NoiseHandshake(identity(KeyType.ED25519, CONFIG.withMuxers(List.of("/b"))), Role.RESPONDER, null);
        Reply reply = (Reply) second.receive(first.begin());

        assertThatThrownBy(() -> first.receive(reply.message())).isInstanceOf(NoCommonMuxerException.class);
    }

    /** The responder fails at message 3. */
    @Conforms("NOI-57")
    @Test
    void failsWhenTheInitiatorNamesOnlyForeignMuxers() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        RawPeer peer = new RawPeer(Role.INITIATOR);
        NoiseHandshake responder = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        Reply reply = (Reply) responder.receive(unframed(peer.write(new byte[0])));
        peer.read(RawPeer.frame(reply.message()));
        byte[] signature = key.sign(TestKeys.signedBytes(peer.staticKey));
        byte[] third = peer.write(TestKeys.payload(key.publicKey().encoded(), signature, "/foreign"));

        assertThatThrownBy(() -> responder.receive(unframed(third))).isInstanceOf(NoCommonMuxerException.class);
    }

    /** A responder follows the initiator's order and skips unknown muxers. */
    @Conforms({"NOI-56", "NOI-61"})
    @Test
    void skipsForeignMuxersOfAnInitiator() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        RawPeer peer = new RawPeer(Role.INITIATOR);
        NoiseHandshake responder = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        Reply reply = (Reply) responder.receive(unframed(peer.write(new byte[0])));
        peer.read(RawPeer.frame(reply.message()));
        byte[] signature = key.sign(TestKeys.signedBytes(peer.staticKey));
        byte[] third =
                peer.write(TestKeys.payload(key.publicKey().encoded(), signature, "/mplex/6.7.0", "/yamux/1.0.0"));

        Complete complete = (Complete) responder.receive(unframed(third));

        assertThat(complete.session().earlyMuxer()).isEqualTo(Optional.of("/yamux/1.0.0"));
    }

    /** This includes types of keys whose peer ids are hashes. */
    @Conforms({"NOI-34", "NOI-45"})
    @ParameterizedTest
    @EnumSource(KeyType.class)
    void refusesAnotherPeerThanTheExpectedBeforeMessage3(KeyType type) throws Exception {
        NoiseIdentity responder = identity(type, CONFIG);
        PeerId expected = identity(KeyType.ED25519, CONFIG).peer();
        NoiseHandshake first = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.INITIATOR, expected);
        NoiseHandshake second = new NoiseHandshake(responder, Role.RESPONDER, null);
        Reply reply = (Reply) second.receive(first.begin());

        assertThatThrownBy(() -> first.receive(reply.message()))
                .hasMessageContaining(expected.toString())
                .hasMessageContaining(responder.peer().toString())
                .asInstanceOf(type(PeerIdMismatchException.class))
                .returns(expected, PeerIdMismatchException::expected)
                .returns(responder.peer(), PeerIdMismatchException::actual);
    }

    @Conforms("NOI-20")
    @Test
    void givesNoMessageASecondTry() throws Exception {
        NoiseHandshake first = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.INITIATOR, null);
        NoiseHandshake second = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        byte[] message = ((Reply) second.receive(first.begin())).message();
        byte[] changed = message.clone();
        changed[50] ^= 1;

        assertThatThrownBy(() -> first.receive(changed)).isInstanceOf(HandshakeFailedException.class);

        assertThatThrownBy(() -> first.receive(message)).isInstanceOf(IllegalStateException.class);
    }

    @Conforms("NOI-39")
    @Test
    void refusesAPayloadInMessage1() throws Exception {
        NoiseHandshake responder = new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.RESPONDER, null);
        byte[] first = unframed(new RawPeer(Role.INITIATOR).write(new byte[1]));

        assertThatThrownBy(() -> responder.receive(first))
                .asInstanceOf(type(HandshakeFailedException.class))
                .returns(HandshakeFailedException.Reason.UNEXPECTED_PAYLOAD, HandshakeFailedException::reason);
    }

    /** The 32 bytes are the key and nothing else. */
    @Conforms({"NOI-38", "NOI-51", "NOI-31"})
    @Test
    void sendsMessage1WithAnEmptyPayload() {
        assertThat(new NoiseHandshake(identity(KeyType.ED25519, CONFIG), Role.INITIATOR, null).begin())
                .hasSize(32);
    }

    private static byte[] unframed(byte[] frame) {
        return Arrays.copyOfRange(frame, 2, frame.length);
    }
}
