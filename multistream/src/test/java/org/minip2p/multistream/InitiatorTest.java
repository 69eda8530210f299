package org.minip2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
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

class InitiatorTest {
    private static final ProtocolId TLS = new ProtocolId("/tls/1.0.0");
    private static final ProtocolId NOISE = new ProtocolId("/noise");

    private final Initiator initiator = Initiator.waiting(List.of(TLS, NOISE));

    @Test
    @Conforms({"MSS-3", "MSS-4", "MSS-10"})
    @DisplayName("sends header and first proposal once, in one piece, before anything was received")
    void opensWithHeaderAndFirstProposal() {
        assertThat(initiator.beforeWaiting()).isEqualTo(Wire.messages(Wire.HEADER, "/tls/1.0.0"));
        assertThat(initiator.beforeWaiting()).isEmpty();
    }

    @Test
    @Conforms({"MSS-8", "MSS-9"})
    @DisplayName("after na comes the next proposal; the exact echo is an agreement")
    void proposesInOrderUntilOneIsEchoed() throws Exception {
        initiator.beforeWaiting();

        assertThat(receive("/multistream/1.0.0").reply()).isEmpty();
        Outcome afterRefusal = receive("na");
        Outcome afterEcho = receive("/noise");

        assertThat(afterRefusal.reply()).isEqualTo(Wire.messages("/noise"));
        assertThat(afterRefusal.agreed()).isNull();
        assertThat(afterEcho.reply()).isEmpty();
        assertThat(afterEcho.agreed()).isEqualTo(NOISE);
    }

    @Test
    @Conforms("MSS-8")
    @DisplayName("fails when every proposal was refused")
    void failsWithItsProposalsWhenAllAreRefused() throws Exception {
        receive("/multistream/1.0.0");
        receive("na");

        assertThatThrownBy(() -> receive("na"))
                .isInstanceOfSatisfying(
                        UnsupportedProtocolException.class,
                        e -> assertThat(e.proposals()).containsExactly(TLS, NOISE));
    }

    @ParameterizedTest
    @Conforms({"MSS-9", "MSS-11"})
    @DisplayName("any answer other than the exact echo or na ends the negotiation")
    @ValueSource(
            strings = {
                "/noise",
                "/tls/1.0.0 ",
                " /tls/1.0.0",
                "/tls/1.0",
                "/TLS/1.0.0",
                "/tls/1.0.0/",
                "NA",
                "na ",
                "ls",
                ""
            })
    void refusesAnyOtherAnswer(String answer) throws Exception {
        receive("/multistream/1.0.0");

        assertThatThrownBy(() -> receive(answer)).isInstanceOf(NegotiationFailedException.class);
    }

    @ParameterizedTest
    @Conforms("MSS-5")
    @DisplayName("the header comes first")
    @ValueSource(strings = {"/multistream/1.0.1", "na", "/tls/1.0.0", "/multistream/1.0.0 "})
    void refusesAnythingButTheHeaderFirst(String first) {
        assertThatThrownBy(() -> receive(first)).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    @Conforms("MSS-28")
    @DisplayName("the header comes once")
    void refusesASecondHeader() throws Exception {
        receive("/multistream/1.0.0");

        assertThatThrownBy(() -> receive("/multistream/1.0.0"))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("comes once");
    }

    @Test
    void anEndOfInputIsAFailureWhenWaiting() {
        assertThat(initiator.endOfInput())
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("before the header");
    }

    @Test
    @Conforms("MSS-32")
    @DisplayName("an end of the input before the echo means that the protocol is not supported")
    void anEndOfInputMeansUnsupportedWhenLazy() throws Exception {
        Initiator lazy = Initiator.lazy(NOISE);
        lazy.read(ByteBuffer.wrap(Wire.messages(Wire.HEADER)));

        assertThat(lazy.endOfInput())
                .isInstanceOfSatisfying(
                        UnsupportedProtocolException.class,
                        e -> assertThat(e.proposals()).containsExactly(NOISE));
    }

    @Test
    void saysThatTheInputEndedInsideAMessage() throws Exception {
        initiator.read(ByteBuffer.wrap(new byte[] {19, '/'}));

        assertThat(initiator.endOfInput()).hasMessageContaining("inside a message");
    }

    @Test
    @Conforms({"MSS-17", "MSS-29"})
    @DisplayName("the protocols of multistream-select itself cannot be proposed")
    void refusesProposalsThatCannotBeMade() {
        assertThatThrownBy(() -> Initiator.waiting(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Initiator.lazy(new ProtocolId("/libp2p/simultaneous-connect")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Initiator.waiting(List.of(NOISE, new ProtocolId(Wire.HEADER))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static Iterable<Vectors> lists() {
        return Vectors.load("multistream-select").list("ls_responses");
    }

    @ParameterizedTest
    @MethodSource("lists")
    @Conforms({"MSS-9", "MSS-23"})
    @DisplayName("a list of protocols is not an answer to a proposal")
    void takesNoListForAnAnswer(Vectors vector) throws Exception {
        receive(Wire.HEADER);
        ByteBuffer in = ByteBuffer.wrap(vector.hex("hex"));

        assertThatThrownBy(() -> initiator.read(in)).isInstanceOf(NegotiationFailedException.class);
    }

    @Test
    void showsAPeersTextEscaped() throws Exception {
        receive("/multistream/1.0.0");

        assertThatThrownBy(() -> receive("\u001b[31m")).hasMessageContaining("\\u001b[31m");
    }

    private Outcome receive(String text) throws Libp2pException {
        ByteBuffer in = ByteBuffer.wrap(Wire.messages(text));
        Outcome outcome = initiator.read(in);
        assertThat(in.hasRemaining()).isFalse();
        return outcome;
    }
}
