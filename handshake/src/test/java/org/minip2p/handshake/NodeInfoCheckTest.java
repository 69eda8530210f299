package org.minip2p.handshake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.handshake.InvalidEnvelopeException.Reason;

/** The checks of what a peer sends in an exchange, and the reasons for a refusal. */
class NodeInfoCheckTest {
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);
    private static final PrivateKey OTHER_KEY = PrivateKey.generate(KeyType.SECP256K1);
    private static final PeerId PEER = PeerId.of(KEY.publicKey());
    private static final NodeInfo OURS = NodeInfo.of("0x00000502");
    private static final Set<String> NETWORKS = Set.of(OURS.networkId());
    private static final NodeInfo OTHER_NETWORK = NodeInfo.of("0x00000501");
    private static final NodeInfoFilter REFUSES_ALL = (peer, info) -> Optional.of("not today");

    private final NodeInfoCheck check = new NodeInfoCheck(List.of());

    static List<Vectors> envelopes() {
        return Vectors.load("signed-envelope").list("envelopes");
    }

    private static FailureReason refusal(NodeInfoCheck check, byte[] received) {
        HandshakeFailedException failed =
                catchThrowableOfType(HandshakeFailedException.class, () -> check(check, received, PEER, NETWORKS));
        assertThat(failed).isNotNull();
        assertThat(failed.reason().isPermanent()).isTrue();
        return failed.reason();
    }

    /** All checks, on this thread. */
    private static NodeInfo check(NodeInfoCheck check, byte[] received, PeerId peer, Set<String> accepted)
            throws HandshakeFailedException {
        SignedEnvelope.Unverified envelope = check.read(received, peer);
        boolean isGood = envelope.signer().verify(envelope.signed(), envelope.signature());
        NodeInfo theirs = check.judge(envelope, isGood, accepted);
        FailureReason.Filtered refusal = check.filter(peer, theirs);
        if (refusal != null) {
            throw new HandshakeFailedException(refusal);
        }
        return theirs;
    }

    private static byte[] sealed(PrivateKey key, String payload) {
        return SignedEnvelope.seal(key, "ssv", "ssv/nodeinfo".getBytes(UTF_8), payload.getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    @Conforms({"NIF-2", "NIF-6"})
    void acceptsWhatOthersSend(Vectors vector) throws Exception {
        NodeInfo ours = NodeInfo.of(vector.text("network_id"));

        NodeInfo theirs =
                check(check, vector.hex("hex"), PeerId.parse(vector.text("signer_peer_id")), Set.of(ours.networkId()));

        assertThat(theirs.networkId()).isEqualTo(vector.text("network_id"));
    }

    @Test
    @Conforms({"ENV-8", "NIF-9"})
    void verifiesTheRecordAsItCameHoweverItIsWritten() throws Exception {
        byte[] unusual = sealed(KEY, " { \"Z\":1, \"Entries\" : [ \"v1\",\"0x0000050\\u0032\" ] }\n");

        assertThat(check(check, unusual, PEER, NETWORKS)).isEqualTo(OURS);
    }

    @Test
    @Conforms("ENV-9")
    void looksIntoNoRecordWhoseSignatureIsWrong() {
        byte[] changed = sealed(KEY, "no json");
        changed[changed.length - 1] ^= 1;

        assertEnvelopeRefused(changed, Reason.INVALID_SIGNATURE);
    }

    @Test
    @Conforms("NIF-6")
    void comparesNetworkIdsAsTheyAreWritten() {
        assertThat(refusal(check, sealed(KEY, "{\"Entries\":[\"\",\"0x0x00000502\"]}")))
                .isEqualTo(new FailureReason.NetworkMismatch(Set.of("0x00000502"), "0x0x00000502"));
    }

    @Test
    void acceptsWhatTheFiltersAccept() throws Exception {
        NodeInfoCheck filtering = new NodeInfoCheck(List.of((peer, info) -> Optional.empty()));

        assertThat(check(filtering, OURS.seal(KEY), PEER, NETWORKS)).isEqualTo(OURS);
    }

    // Before any other check
    @Conforms({"NIF-26", "NIF-28"})
    @Test
    void refusesMoreThanItReads() {
        assertThat(refusal(check, new byte[SignedEnvelope.MAX_BYTES + 1]))
                .isEqualTo(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
    }

    @Test
    void refusesWhatIsNoEnvelope() {
        assertEnvelopeRefused(new byte[0], Reason.MALFORMED);
        assertEnvelopeRefused("hello".getBytes(UTF_8), Reason.MALFORMED);
    }

    @Test
    @Conforms({"ENV-12", "NIF-2"})
    void refusesAnotherPayloadType() {
        byte[] other = SignedEnvelope.seal(KEY, "ssv", "ssv/other".getBytes(UTF_8), OURS.encode());

        assertEnvelopeRefused(other, Reason.WRONG_PAYLOAD_TYPE);
    }

    @Test
    @Conforms({"ENV-5", "ENV-7", "NIF-2"})
    void refusesAnotherDomain() {
        byte[] other = SignedEnvelope.seal(KEY, "other", "ssv/nodeinfo".getBytes(UTF_8), OURS.encode());

        assertEnvelopeRefused(other, Reason.INVALID_SIGNATURE);
    }

    @Test
    @Conforms("ENV-7")
    void refusesABadSignature() {
        byte[] changed = OURS.seal(KEY);
        changed[changed.length - 1] ^= 1;

        assertEnvelopeRefused(changed, Reason.INVALID_SIGNATURE);
    }

    // SEC-58: even if everything else is wrong, too
    @Conforms("NIF-23")
    @Test
    void refusesAnEnvelopeThatAnotherKeyHasValidlySigned() {
        FailureReason expected = new FailureReason.WrongSigner(PEER, PeerId.of(OTHER_KEY.publicKey()));

        assertThat(refusal(check, OURS.seal(OTHER_KEY))).isEqualTo(expected);
        assertThat(refusal(check, sealed(OTHER_KEY, "no json"))).isEqualTo(expected);
    }

    // SEC-H9: before the signature is checked, which may take milliseconds
    @Test
    void refusesAnotherSignerWithoutCheckingTheSignature() {
        byte[] forged = OURS.seal(OTHER_KEY);
        forged[forged.length - 1] ^= 1;

        assertThat(catchThrowableOfType(HandshakeFailedException.class, () -> check.read(forged, PEER))
                        .reason())
                .isEqualTo(new FailureReason.WrongSigner(PEER, PeerId.of(OTHER_KEY.publicKey())));
    }

    // Even if the network is wrong, too
    @Conforms("NIF-10")
    @Test
    void refusesWhatIsNoNodeInfo() {
        assertThat(refusal(check, sealed(KEY, "no json"))).isInstanceOf(FailureReason.InvalidNodeInfo.class);
        assertThat(refusal(check, sealed(KEY, "{\"Entries\":[\"\"]}")))
                .isInstanceOf(FailureReason.InvalidNodeInfo.class);
        assertThat(refusal(check, sealed(KEY, "{\"Entries\":[\"\",\"0x00000501\",\"\"]}")))
                .isInstanceOf(FailureReason.InvalidNodeInfo.class);
    }

    // The reason has both names. The filters are not asked.
    @Conforms("NIF-22")
    @Test
    void refusesAnotherNetworkAndTellsBothNames() {
        NodeInfoCheck filtering = new NodeInfoCheck(List.of(REFUSES_ALL));

        assertThat(refusal(filtering, OTHER_NETWORK.seal(KEY)))
                .isEqualTo(new FailureReason.NetworkMismatch(Set.of("0x00000502"), "0x00000501"));
    }

    @Test
    void refusesWhatAFilterRefuses() {
        NodeInfoCheck filtering = new NodeInfoCheck(List.of((peer, info) -> Optional.empty(), REFUSES_ALL));

        assertThat(refusal(filtering, OURS.seal(KEY))).isEqualTo(new FailureReason.Filtered("not today"));
    }

    @Test
    void refusesARequestThatIsCutAtAnyByte() {
        byte[] whole = OURS.seal(KEY);

        for (int length = 0; length < whole.length; length++) {
            assertEnvelopeRefused(Arrays.copyOf(whole, length), Reason.MALFORMED);
        }
    }

    // SEC-66
    @Test
    void showsThePeersNetworkEscaped() {
        FailureReason reason = new FailureReason.NetworkMismatch(Set.of("0x01"), "0x\n\u001b[31m" + "x".repeat(9_000));

        assertThat(reason.toString()).hasSizeLessThan(300).matches("[ -~…]*");
    }

    @Test
    void tellsPermanentFromTransient() {
        assertThat(new FailureReason.ProtocolNotSupported().isPermanent()).isTrue();
        List<FailureReason> transients = List.of(
                new FailureReason.Timeout(),
                new FailureReason.ConnectionClosed(),
                new FailureReason.StreamReset(),
                new FailureReason.NegotiationFailed());
        assertThat(transients).noneMatch(FailureReason::isPermanent);
    }

    private void assertEnvelopeRefused(byte[] received, Reason reason) {
        assertThat(refusal(check, received))
                .isInstanceOfSatisfying(
                        FailureReason.InvalidEnvelope.class,
                        refused -> assertThat(refused.check()).isEqualTo(reason));
    }
}
