package org.minip2p.multistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.oneOf;
import static org.minip2p.core.testing.Generator.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

class MessagePropertyTest {
    private static final Generator<ProtocolId> PROTOCOLS =
            oneOf(texts(3), texts(ProtocolId.MAX_BYTES - 1)).map(text -> new ProtocolId("/" + text));

    /** Texts of up to this many bytes, and also of exactly this many. */
    private static Generator<String> texts(int maxBytes) {
        return oneOf(text(0, maxBytes / 4, c -> c != '\n'), text(0, maxBytes, c -> c < 0x80 && c != '\n'));
    }

    @Test
    @Conforms({"MSS-1", "MSS-13", "MSS-14", "MSS-20", "MSS-21"})
    void messagesComeBackHoweverTheyAreCut() {
        Property.holds(draw -> {
            List<String> sent = draw.of("sent", texts(Message.MAX_BYTES - 1).list(1, 5));
            int pieceBytes = draw.of("bytes of a piece", integers(1, 1100));
            byte[] wire = Wire.join(sent.stream()
                    .map(text -> Message.encode(text.getBytes(UTF_8)))
                    .toArray(byte[][]::new));
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
                    .as("the same bytes as those written without the code under test")
                    .isNotEmpty();
            assertThat(reader.isInsideMessage()).isFalse();
        });
    }

    @Test
    @Conforms({"MSS-6", "MSS-7", "MSS-8", "MSS-9", "MSS-11"})
    void bothEndsAgreeOnTheFirstProposalThatIsSupported() {
        Property.holds(draw -> {
            List<ProtocolId> proposals = draw.of("proposals", PROTOCOLS.list(1, 8));
            List<ProtocolId> others = draw.of("others", PROTOCOLS.list(0, 8));
            int at = draw.of("first supported", integers(0, 8));
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
        });
    }

    /** Carries each side's bytes to the other side until the initiator is done. */
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

    @Test
    @Conforms({"MSS-14", "VAR-11"})
    void neverHoldsMoreThanOneMessageWhateverComes() {
        Property.holds(draw -> {
            byte[] bytes = draw.of("bytes", bytes());
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
        });
    }
}
