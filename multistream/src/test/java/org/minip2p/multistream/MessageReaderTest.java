package org.minip2p.multistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class MessageReaderTest {
    private final MessageReader reader = new MessageReader();

    static Iterable<Vectors> messages() {
        return Vectors.load("multistream-select").list("messages");
    }

    @ParameterizedTest
    @MethodSource("messages")
    @Conforms({"MSS-1", "MSS-2"})
    @DisplayName("messages have the bytes of the vectors, in both directions")
    void encodesAndReadsTheMessagesOfTheVectors(Vectors vector) throws Exception {
        byte[] text = vector.text("text").getBytes(UTF_8);

        boolean isComplete = reader.read(ByteBuffer.wrap(vector.hex("hex")));

        assertThat(isComplete).isTrue();
        assertThat(reader.text()).isEqualTo(text);
        assertThat(Message.encode(text)).isEqualTo(vector.hex("hex"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    @Conforms("MSS-21")
    @DisplayName("a message may be split at any byte boundary")
    void readsAMessageSplitAnywhere(Vectors vector) throws Exception {
        byte[] message = vector.hex("hex");

        for (int split = 0; split < message.length; split++) {
            assertThat(reader.read(ByteBuffer.wrap(message, 0, split))).isFalse();
            assertThat(reader.isInsideMessage()).isEqualTo(split > 0);
            assertThat(reader.read(ByteBuffer.wrap(message, split, message.length - split)))
                    .isTrue();
            assertThat(reader.text()).isEqualTo(vector.text("text").getBytes(UTF_8));
        }
    }

    @Test
    void knowsTheConstantMessagesOfTheVectors() {
        assertThat(Message.HEADER).isEqualTo(HexFormat.of().parseHex("132f6d756c746973747265616d2f312e302e300a"));
        assertThat(Message.encode(Message.NA_TEXT_BYTES))
                .isEqualTo(HexFormat.of().parseHex("036e610a"));
        assertThat(Message.encodeAfterHeader(Message.NA_TEXT_BYTES)).isEqualTo(Wire.messages(Wire.HEADER, "na"));
    }

    @Test
    @Conforms({"MSS-20", "VAR-8"})
    @DisplayName("no byte after the newline is consumed")
    void takesNoByteBeyondTheMessage() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(Wire.messages("/a", "/b"));

        assertThat(reader.read(in)).isTrue();

        assertThat(in.position()).isEqualTo(4);
        assertThat(reader.text()).isEqualTo("/a".getBytes(UTF_8));
    }

    @Test
    @Conforms("MSS-13")
    @DisplayName("1,024 bytes with the newline are a message")
    void readsTheLongestMessage() throws Exception {
        byte[] text = ("/" + "a".repeat(1022)).getBytes(UTF_8);

        assertThat(reader.read(ByteBuffer.wrap(Wire.message(text)))).isTrue();

        assertThat(reader.text()).isEqualTo(text);
        assertThat(Wire.message(text)).hasSize(MessageReader.MAX_ENCODED_BYTES);
    }

    @Test
    void readsAMessageThatIsOnlyANewline() throws Exception {
        assertThat(reader.read(ByteBuffer.wrap(new byte[] {1, '\n'}))).isTrue();

        assertThat(reader.text()).isEmpty();
    }

    @ParameterizedTest
    @Conforms({"MSS-13", "MSS-14", "MSS-15", "VAR-11", "VAR-12"})
    @DisplayName("a bad length is refused as soon as it is known to be bad, before memory is allocated")
    @CsvSource({
        "00, 1, length 0",
        "8108, 2, this one 1025",
        "808001, 2, at most two bytes",
        "8080808008, 2, at most two bytes",
        "ffffffffffffffffffff, 2, at most two bytes",
        "8100, 2, 'the length 1 takes one byte, not two'",
        "8000, 2, 'the length 0 takes one byte, not two'",
        "ff7f, 2, this one 16383"
    })
    void refusesABadLength(String hex, int bytesTaken, String reason) {
        ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

        assertThatThrownBy(() -> reader.read(in))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining(reason);

        assertThat(in.position()).isEqualTo(bytesTaken);
        assertThat(reader.text()).isEmpty();
    }

    @Test
    @Conforms("MSS-15")
    @DisplayName("the last byte is a newline")
    void refusesAMessageWithoutItsNewline() {
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(new byte[] {3, '/', 'a', 'b'})))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("ends with a newline");
    }

    @ParameterizedTest
    @Conforms("MSS-16")
    @DisplayName("the last byte is the only newline")
    @ValueSource(strings = {"/a\n/b", "\n", "/a\n", "\n/a"})
    void refusesANewlineInsideAMessage(String text) {
        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(Wire.messages(text))))
                .isInstanceOf(NegotiationFailedException.class)
                .hasMessageContaining("no newline but its last byte");
    }
}
