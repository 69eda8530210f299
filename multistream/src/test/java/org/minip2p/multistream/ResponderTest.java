package org.minip2p.multistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class ResponderTest {
    private static final ProtocolId NOISE = new ProtocolId("/noise");

    private final Responder responder = new Responder(NOISE::equals, MultistreamConfig.defaults());

    @Test
    @Conforms({"MSS-6", "MSS-10"})
    @DisplayName("the first proposal is echoed after the header, in one piece")
    void answersASupportedProposalWithHeaderAndEcho() throws Exception {
        assertThat(receive(Wire.HEADER).reply()).isEmpty();
        Outcome outcome = receive("/noise");

        assertThat(outcome.reply()).isEqualTo(Wire.messages(Wire.HEADER, "/noise"));
        assertThat(outcome.agreed()).isEqualTo(NOISE);
    }

    @Test
    @Conforms("MSS-3")
    @DisplayName("waits for the initiator's header; sends its own header without an answer, once, if no proposal came")
    void sendsItsHeaderAloneToAnInitiatorThatWaitsForIt() throws Exception {
        assertThat(responder.beforeWaiting()).isEmpty();
        receive(Wire.HEADER);

        assertThat(responder.beforeWaiting()).isEqualTo(Wire.messages(Wire.HEADER));
        assertThat(responder.beforeWaiting()).isEmpty();
        assertThat(receive("/noise").reply()).isEqualTo(Wire.messages("/noise"));
    }

    @Test
    @Conforms("MSS-7")
    @DisplayName("answers any other proposal with na, and waits for the next one")
    void refusesUntilAProposalIsSupported() throws Exception {
        receive(Wire.HEADER);

        assertThat(receive("/tls/1.0.0").reply()).isEqualTo(Wire.messages(Wire.HEADER, "na"));
        assertThat(receive("/plaintext/2.0.0").reply()).isEqualTo(Wire.messages("na"));
        assertThat(receive("/noise").agreed()).isEqualTo(NOISE);
    }

    @ParameterizedTest
    @Conforms({"MSS-11", "MSS-18", "MSS-25"})
    @DisplayName("texts that are answered with na")
    @ValueSource(strings = {"ls", "na", "noise", "", " ", "/noise ", " /noise", "/NOISE", "/noise/", "/nois", "\u0000"})
    void refusesWhatIsNotTheSupportedText(String proposal) throws Exception {
        receive(Wire.HEADER);

        Outcome outcome = receive(proposal);

        assertThat(outcome.agreed()).isNull();
        assertThat(outcome.reply()).isEqualTo(Wire.messages(Wire.HEADER, "na"));
    }

    @ParameterizedTest
    @Conforms("MSS-19")
    @DisplayName("a proposal that is not UTF-8 is refused, even if every protocol is supported")
    @ValueSource(strings = {"2fff", "2fc0af", "2feda080", "2fe282", "2f80"})
    void refusesWhatIsNotUtf8(String hex) throws Exception {
        Responder accepting = new Responder(protocol -> true, MultistreamConfig.defaults());
        accepting.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        Outcome outcome =
                accepting.read(ByteBuffer.wrap(Wire.message(HexFormat.of().parseHex(hex))));

        assertThat(outcome.agreed()).isNull();
        assertThat(outcome.reply()).isEqualTo(Wire.messages(Wire.HEADER, "na"));
    }

    @Test
    void acceptsAnIdInAnyLanguage() throws Exception {
        Set<ProtocolId> supported = Set.of(new ProtocolId("/ping/\u00e9\u4e16\ud83d\ude00"));
        Responder accepting = new Responder(supported::contains, MultistreamConfig.defaults());

        accepting.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));
        Outcome outcome = accepting.read(ByteBuffer.wrap(Wire.messages("/ping/\u00e9\u4e16\ud83d\ude00")));

        assertThat(outcome.agreed()).isIn(supported);
    }

    @Test
    @Conforms("MSS-29")
    @DisplayName("simultaneous connect is refused, even if the match function accepts it")
    void refusesSimultaneousConnect() throws Exception {
        Responder accepting = new Responder(protocol -> true, MultistreamConfig.defaults());
        accepting.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        Outcome outcome = accepting.read(ByteBuffer.wrap(Wire.messages("/libp2p/simultaneous-connect")));

        assertThat(outcome.agreed()).isNull();
        assertThat(outcome.reply()).isEqualTo(Wire.messages(Wire.HEADER, "na"));
    }

    @Test
    @Conforms("MSS-12")
    @DisplayName("a match function may accept other texts; the answer is the proposed text")
    void echoesTheProposedTextWhateverMatched() throws Exception {
        Responder accepting =
                new Responder(protocol -> protocol.value().startsWith("/echo/"), MultistreamConfig.defaults());
        accepting.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        Outcome outcome = accepting.read(ByteBuffer.wrap(Wire.messages("/echo/1.2.3")));

        assertThat(outcome.agreed()).isEqualTo(new ProtocolId("/echo/1.2.3"));
        assertThat(outcome.reply()).isEqualTo(Wire.messages(Wire.HEADER, "/echo/1.2.3"));
    }

    @Test
    @Conforms("MSS-13")
    @DisplayName("the longest id is echoed in 1,024 bytes")
    void echoesTheLongestId() throws Exception {
        String longest = "/" + "a".repeat(1022);
        Responder accepting = new Responder(protocol -> true, MultistreamConfig.defaults());
        accepting.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        assertThat(accepting.read(ByteBuffer.wrap(Wire.messages(longest))).reply())
                .isEqualTo(Wire.messages(Wire.HEADER, longest));
    }

    @Test
    @Conforms("MSS-27")
    @DisplayName("the 16th proposal is answered; the 17th ends the negotiation")
    void refusesTheSeventeenthProposal() throws Exception {
        receive(Wire.HEADER);
        for (int i = 1; i <= 16; i++) {
            assertThat(receive("/unknown/" + i).agreed()).isNull();
        }

        assertThatThrownBy(() -> receive("/noise"))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("at most 16 proposals");
    }

    @Test
    void acceptsTheLastProposalWithinTheLimit() throws Exception {
        Responder strict =
                new Responder(NOISE::equals, MultistreamConfig.defaults().with(MultistreamConfig.MAX_PROPOSALS, 1));
        strict.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        assertThat(strict.read(ByteBuffer.wrap(Wire.messages("/noise"))).agreed())
                .isEqualTo(NOISE);
        assertThatThrownBy(() -> MultistreamConfig.defaults().with(MultistreamConfig.MAX_PROPOSALS, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @Conforms("MSS-5")
    @DisplayName("the header comes first")
    @ValueSource(strings = {"/noise", "/multistream/1.0.1", "ls", "na", "/multistream/1.0.0 "})
    void refusesAnythingButTheHeaderFirst(String first) {
        assertThatThrownBy(() -> receive(first))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("comes first");
    }

    @Test
    @Conforms("MSS-28")
    @DisplayName("the header comes once")
    void refusesASecondHeader() throws Exception {
        receive(Wire.HEADER);
        receive("/tls/1.0.0");

        assertThatThrownBy(() -> receive(Wire.HEADER)).isInstanceOf(NegotiationFailedException.class);
    }

    static Iterable<Vectors> invalid() {
        return Vectors.load("multistream-select").list("invalid");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    @Conforms({"MSS-5", "MSS-13", "MSS-14", "MSS-15", "MSS-16"})
    @DisplayName("the invalid input of the vectors ends the negotiation")
    void refusesTheInvalidBytesOfTheVectors(Vectors vector) {
        ByteBuffer in = ByteBuffer.wrap(vector.hex("hex"));

        // Bytes that are cut short are an error when the input ends.
        assertThatThrownBy(() -> {
                    while (in.hasRemaining()) {
                        responder.read(in);
                    }
                    throw responder.endOfInput();
                })
                .as(vector.text("reason"))
                .isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @Conforms("MSS-35")
    @DisplayName("after a refusal, an invalid message or an end of the input means 'not supported', not a violation")
    void takesTheDataOfARefusedOptimisticInitiatorForUnsupported() throws Exception {
        receive(Wire.HEADER);
        receive("/unknown");

        assertThatThrownBy(() -> responder.read(ByteBuffer.wrap(new byte[32])))
                .isInstanceOfSatisfying(
                        UnsupportedProtocolException.class,
                        e -> assertThat(e.proposals()).containsExactly(new ProtocolId("/unknown")));
        assertThat(responder.endOfInput()).isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    @Conforms("MSS-15")
    @DisplayName("an end of the input before any proposal was answered is a failure")
    void anEndOfInputIsAFailure() throws Exception {
        assertThat(responder.endOfInput()).isInstanceOf(NegotiationFailedException.class);
        responder.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));
        assertThat(responder.endOfInput())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("after the header");
        responder.read(ByteBuffer.wrap("\u0007/noi".getBytes(UTF_8)));
        assertThat(responder.endOfInput())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("inside a message");
    }

    private Outcome receive(String text) throws Libp2pException {
        return responder.read(ByteBuffer.wrap(Wire.messages(text)));
    }
}
