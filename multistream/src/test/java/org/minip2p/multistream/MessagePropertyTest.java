package org.minip2p.multistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;

class MessagePropertyTest {
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .all()
                .excludeChars('\n')
                .ofMaxLength(1023)
                .filter(text -> UTF_8.newEncoder().canEncode(text) && text.getBytes(UTF_8).length <= 1023);
    }

    @Provide
    Arbitrary<ProtocolId> protocols() {
        return texts().filter(text -> text.getBytes(UTF_8).length < 1023).map(text -> new ProtocolId("/" + text));
    }

    @Property(tries = 200)
    @Conforms({"MSS-1", "MSS-13", "MSS-14", "MSS-20", "MSS-21"})
    void messagesComeBackHoweverTheyAreCut(
            @ForAll @Size(min = 1, max = 5) List<@net.jqwik.api.From("texts") String> sent,
            @ForAll @IntRange(min = 1, max = 1100) int pieceBytes)
            throws Exception {
        byte[] wire = Wire.join(
                sent.stream().map(text -> Message.encode(text.getBytes(UTF_8))).toArray(byte[][]::new));
        MessageReader reader = new MessageReader();
        List<String> read = new ArrayList<>();

        for (int from = 0; from < wire.length; from += pieceBytes) {
            ByteBuffer piece = ByteBuffer.wrap(wire, from, Math.min(pieceBytes, wire.length - from));
            while (piece.hasRemaining()) {
                if (reader.read(piece)) {
                    read.add(new String(reader.text(), UTF_8));
                }
            }
        }

        assertThat(read).isEqualTo(sent);
        assertThat(wire)
                .isEqualTo(Wire.messages(sent.toArray(String[]::new)))
                .as("as written without the code under test")
                .isNotEmpty();
        assertThat(reader.isInsideMessage()).isFalse();
    }

    @Property(tries = 200)
    @Conforms({"MSS-6", "MSS-7", "MSS-8", "MSS-9", "MSS-11"})
    void bothEndsAgreeOnTheFirstProposalThatIsSupported(
            @ForAll @Size(min = 1, max = 8) List<@net.jqwik.api.From("protocols") ProtocolId> proposals,
            @ForAll @Size(max = 8) List<@net.jqwik.api.From("protocols") ProtocolId> others,
            @ForAll @IntRange(max = 8) int at)
            throws Exception {
        List<ProtocolId> supported = new ArrayList<>(others);
        supported.addAll(proposals.subList(Math.min(at, proposals.size()), proposals.size()));
        Initiator initiator = Initiator.waiting(proposals);
        Responder responder = new Responder(supported::contains, MultistreamConfig.defaults());
        ProtocolId expected =
                proposals.stream().filter(supported::contains).findFirst().orElse(null);

        ProtocolId agreed = null;
        try {
            agreed = negotiate(initiator, responder);
        } catch (UnsupportedProtocolException nothingInCommon) {
            assertThat(nothingInCommon.proposals()).isEqualTo(proposals);
        }

        assertThat(agreed).isEqualTo(expected);
    }

    /** Carries each side's bytes to the other until the initiator is done. */
    private static ProtocolId negotiate(Initiator initiator, Responder responder) throws Exception {
        byte[] there = initiator.beforeWaiting();
        ProtocolId theirs = null;
        while (true) {
            byte[] back = {};
            for (ByteBuffer in = ByteBuffer.wrap(there); in.hasRemaining(); ) {
                Outcome outcome = responder.read(in);
                back = Wire.join(back, outcome.reply());
                theirs = outcome.agreed();
            }
            there = new byte[0];
            for (ByteBuffer in = ByteBuffer.wrap(back); in.hasRemaining(); ) {
                Outcome outcome = initiator.read(in);
                there = Wire.join(there, outcome.reply());
                if (outcome.agreed() != null) {
                    assertThat(in.hasRemaining()).isFalse();
                    assertThat(theirs).isEqualTo(outcome.agreed());
                    return outcome.agreed();
                }
            }
        }
    }

    @Property
    @Conforms({"MSS-14", "VAR-11"})
    void neverHoldsMoreThanOneMessageWhateverComes(@ForAll byte[] bytes) {
        MessageReader reader = new MessageReader();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int start = 0;
        try {
            while (in.hasRemaining()) {
                start = in.position();
                reader.read(in);
            }
        } catch (NegotiationFailedException refused) {
            assertThat(in.position() - start).isLessThanOrEqualTo(Negotiation.MAX_READ_BYTES);
            assertThat(Arrays.copyOf(bytes, in.position())).isNotEmpty();
        }
    }
}
