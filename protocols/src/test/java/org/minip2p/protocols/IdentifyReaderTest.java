package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Varint;
import org.minip2p.core.testing.Conforms;
import org.minip2p.protocols.IdentifyFailedException.Reason;
import org.minip2p.protocols.pb.IdentifyMessage;

/** How Identify reads messages. */
class IdentifyReaderTest {
    private static final IdentifyMessage AGENT = IdentifyMessage.newBuilder()
            .setAgentVersion(ByteString.copyFromUtf8("other/1"))
            .build();

    private final CompletableFuture<IdentifyMessage> result = new CompletableFuture<>();
    private final EmbeddedStream stream = new EmbeddedStream(new IdentifyReader(result, InboundBytesTest.plenty()));

    @AfterEach
    void close() {
        stream.close();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms({"IDN-4", "IDN-35"})
    void readsOneMessageInPiecesAndAnswersNothing() {
        stream.peerSendsInPieces(framed(AGENT.toByteArray()));
        assertThat(result).isNotDone();
        stream.peerEnds();

        assertThat(result).isCompletedWithValue(AGENT);
        assertThat(stream.sent()).isEmpty();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    @Conforms("IDN-20")
    void readsAMessageOf8192Bytes() {
        stream.peerSends(framed(messageOf(8192)));
        stream.peerEnds();

        assertThat(result).isCompleted();
    }

    /** The reader refuses the message by its length, before the first byte of the message. */
    @Test // SEC-60
    @Conforms("IDN-20")
    void refusesALongerMessageByItsLength() {
        stream.peerSends(Varint.encode(8193));

        assertFailedWith(Reason.TOO_LONG);
    }

    @Test // SEC-60, SEC-65
    @Conforms("IDN-20")
    void refusesTheLargestLengthThereIs() {
        stream.peerSends(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0x7f});

        assertFailedWith(Reason.TOO_LONG);
    }

    /** VAR: a length has exactly one valid encoding. */
    @Test
    void refusesALengthThatIsNotMinimal() {
        stream.peerSends(new byte[] {(byte) 0x81, 0});

        assertFailedWith(Reason.MALFORMED);
    }

    @Test
    @Conforms("IDN-21")
    void mergesMessagesLaterSingleValuesWinListsAreJoined() {
        IdentifyMessage one = AGENT.toBuilder().addProtocols(bytes("/a")).build();
        IdentifyMessage two = IdentifyMessage.newBuilder()
                .setAgentVersion(bytes("other/2"))
                .addProtocols(bytes("/b"))
                .build();

        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(framed(one.toByteArray()));
        both.writeBytes(framed(two.toByteArray()));
        stream.peerSends(both.toByteArray());
        stream.peerEnds();

        assertThat(result)
                .isCompletedWithValue(IdentifyMessage.newBuilder()
                        .setAgentVersion(bytes("other/2"))
                        .addProtocols(bytes("/a"))
                        .addProtocols(bytes("/b"))
                        .build());
    }

    @Test
    @Conforms("IDN-21")
    void readsTenMessages() {
        for (int i = 0; i < 10; i++) {
            stream.peerSends(framed(AGENT.toByteArray()));
        }
        stream.peerEnds();

        assertThat(result).isCompletedWithValue(AGENT);
    }

    /** This also holds for empty messages. */
    @Test // SEC-56
    @Conforms("IDN-21")
    void refusesAnEleventhMessage() {
        stream.peerSends(new byte[11]);

        assertFailedWith(Reason.TOO_MANY_MESSAGES);
    }

    @Test
    @Conforms("IDN-25")
    void refusesAStreamThatEndsWithinAMessage() {
        byte[] message = framed(AGENT.toByteArray());

        stream.peerSends(message);
        stream.peerSends(Arrays.copyOf(message, message.length - 1));
        stream.peerEnds();

        assertFailedWith(Reason.CUT);
    }

    @Test
    @Conforms("IDN-25")
    void refusesAStreamThatEndsWithinALength() {
        stream.peerSends(new byte[] {(byte) 0x80});
        stream.peerEnds();

        assertFailedWith(Reason.CUT);
    }

    @Test
    @Conforms("IDN-25")
    void refusesAStreamWithoutMessage() {
        stream.peerEnds();

        assertFailedWith(Reason.CUT);
    }

    /** The messages are whole, but the stream ends with a reset. */
    @Test
    @Conforms("IDN-25")
    void refusesAStreamThatIsReset() {
        stream.peerSends(framed(AGENT.toByteArray()));
        stream.close();

        assertFailedWith(Reason.CUT);
    }

    @Test
    @Conforms("IDN-7")
    void skipsUnknownFields() {
        byte[] known = AGENT.toByteArray();
        byte[] unknown = {(byte) 0xfa, 0x7f, 2, 'h', 'i'};
        byte[] message = Arrays.copyOf(known, known.length + unknown.length);
        System.arraycopy(unknown, 0, message, known.length, unknown.length);

        stream.peerSends(framed(message));
        stream.peerEnds();

        assertThat(result)
                .isCompletedWithValueMatching(read -> read.getAgentVersion().equals(bytes("other/1")));
    }

    /** A message full of groups inside groups. */
    @Test // SEC-61
    void refusesDeepNesting() {
        byte[] groups = new byte[8192];
        Arrays.fill(groups, (byte) 0x7b);

        stream.peerSends(framed(groups));

        assertFailedWith(Reason.MALFORMED);
    }

    /** Ten thousand groups inside each other make a message that is too long. */
    @Test // SEC-61
    void refusesTenThousandGroupsInOneAnother() {
        byte[] groups = new byte[10_000];
        Arrays.fill(groups, (byte) 0x7b);

        stream.peerSends(framed(groups));

        assertFailedWith(Reason.TOO_LONG);
    }

    @Test // SEC-61
    void refusesAMebibyteOfUnknownFieldsByItsLength() {
        stream.peerSends(Arrays.copyOf(framed(new byte[1 << 20]), 1000));

        assertFailedWith(Reason.TOO_LONG);
    }

    /**
     * The largest stream that is allowed, with known and unknown fields in turns. Once, protobuf needed a new object
     * for each of these fields.
     */
    @Test // SEC-61
    @Conforms({"IDN-7", "IDN-21"})
    void readsAsManyUnknownFieldsAsFitAndHoldsNoMoreThanThem() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] fields = {0x78, 1, 0x0a, 0, (byte) 0x80, 1, 1, 0x12, 0};
        while (message.size() + fields.length <= 8192) {
            message.writeBytes(fields);
        }
        for (int i = 0; i < 10; i++) {
            stream.peerSends(framed(message.toByteArray()));
        }
        stream.peerEnds();

        IdentifyMessage read = result.join();
        assertThat(read.getListenAddrsCount()).isEqualTo(10 * (message.size() / fields.length));
        assertThat(read.getSerializedSize()).isLessThanOrEqualTo(10 * 8192);
    }

    /** The reader refuses a length as soon as it cannot be valid, whatever follows. */
    @ParameterizedTest // SEC-60
    @ValueSource(strings = {"8140", "ffff7f", "80808001", "ffffffffffffffffff01", "8080808080808080808080"})
    @Conforms("IDN-20")
    void refusesEveryLengthBeyondTheLimitBeforeMemoryIsTaken(String length) {
        stream.peerSends(HexFormat.of().parseHex(length));

        assertFailedWith(Reason.TOO_LONG);
    }

    @Test
    void refusesWhatIsNoProtobuf() {
        stream.peerSends(framed(new byte[] {0x0a, 0x7f, 1}));

        assertFailedWith(Reason.MALFORMED);
    }

    @Test
    void refusesAnEndOfAGroupThatNeverBegan() {
        stream.peerSends(framed(new byte[] {0x7c}));

        assertFailedWith(Reason.MALFORMED);
    }

    /** After a failure, the reader discards the rest. */
    @Test
    void takesNothingAfterAFailure() {
        stream.peerSends(framed(new byte[] {0x7c}));
        stream.peerSends(framed(AGENT.toByteArray()));
        stream.peerEnds();

        assertFailedWith(Reason.MALFORMED);
    }

    private static byte[] messageOf(int size) {
        int overhead = 1 + Varint.size(size);
        return IdentifyMessage.newBuilder()
                .setSignedPeerRecord(ByteString.copyFrom(new byte[size - overhead]))
                .build()
                .toByteArray();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static byte[] framed(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Varint.encode(message.length));
        out.writeBytes(message);
        return out.toByteArray();
    }

    private void assertFailedWith(Reason reason) {
        assertThat(Failures.of(result))
                .isInstanceOfSatisfying(
                        IdentifyFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
