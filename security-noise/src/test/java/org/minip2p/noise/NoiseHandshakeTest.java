package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.NoiseHandshake.Complete;
import org.minip2p.noise.NoiseHandshake.Reply;

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

    /** On the initiator before message 3. */
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

    /** On the responder. */
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

    /** A responder follows the initiator's order and skips what it does not know. */
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

    /** With hashed ids as well. */
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

    /** 32 bytes are the key alone. */
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
