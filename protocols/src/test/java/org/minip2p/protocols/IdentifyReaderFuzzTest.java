package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.InvalidKeyException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.protocols.pb.IdentifyMessage;

/**
 * Reads any bytes from an identify stream, in pieces whose size the first byte sets. The result is a message within the
 * limits or the declared failure.
 */
class IdentifyReaderFuzzTest {
    private static final PublicKey KEY = key();

    /** The entry point for Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        boolean isAccepted = read(input);
        LeakPresenceDetector.check();
        return isAccepted;
    }

    private static boolean read(byte[] input) {
        int piece = input.length == 0 ? 1 : 1 + (input[0] & 0xff);
        CompletableFuture<IdentifyMessage> result = new CompletableFuture<>();
        EmbeddedStream stream = new EmbeddedStream(new IdentifyReader(result, InboundBytesTest.plenty()));
        for (int at = 1; at < input.length; at += piece) {
            stream.peerSends(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length)));
        }
        stream.peerEnds();
        assertThat(stream.sent()).isEmpty();
        stream.finishAndReleaseAll();
        assertThat(result).isDone();
        if (result.isCompletedExceptionally()) {
            assertThat(Failures.of(result)).isInstanceOf(IdentifyFailedException.class);
            return false;
        }
        try {
            IdentifyContent.checkKey(result.join(), PeerId.of(KEY));
        } catch (IdentifyFailedException refusal) {
            return false;
        }
        IdentifyInfo info = IdentifyContent.update(result.join(), null, KEY);
        assertThat(info.protocols()).hasSizeLessThanOrEqualTo(IdentifyContent.MAX_PROTOCOLS);
        assertThat(info.listenAddresses()).hasSizeLessThanOrEqualTo(IdentifyContent.MAX_ADDRESSES);
        for (String text : new String[] {info.agentVersion(), info.protocolVersion()}) {
            assertThat(text.length()).isLessThanOrEqualTo(6 * 128 + 1);
            assertThat(text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '…'))
                    .isTrue();
        }
        assertThat(IdentifyContent.update(result.join(), info, KEY)).isEqualTo(info);
        return true;
    }

    private static PublicKey key() {
        try {
            return PublicKey.decode(HexFormat.of()
                    .parseHex("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    @Conforms({"IDN-7", "IDN-23"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(IdentifyReaderFuzzTest.class, IdentifyReaderFuzzTest::accepts, 2_000);
    }
}
