package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/** Any bytes are either node info that can be written and read again, or refused with the declared exception. */
class NodeInfoFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) throws InvalidNodeInfoException {
        accepts(input);
    }

    private static boolean accepts(byte[] input) throws InvalidNodeInfoException {
        NodeInfo info;
        try {
            info = NodeInfo.decode(input);
        } catch (InvalidNodeInfoException refusal) {
            assertThat(refusal.getMessage()).matches("[ -~…]*");
            return false;
        }
        assertThat(info.networkId()).startsWith("0x");
        assertThat(info.toString()).hasSizeLessThan(4_000).matches("[ -~…]*");
        byte[] written = info.encode();
        if (written.length <= NodeInfo.MAX_SEALED_BYTES) {
            // The first encoding replaces unpaired surrogates. After that, the text does not change any more.
            NodeInfo again = NodeInfo.decode(written);
            assertThat(NodeInfo.decode(again.encode())).isEqualTo(again);
        }
        return true;
    }

    @TestFactory
    @Conforms({"NIF-3", "NIF-8", "NIF-9", "NIF-10", "NIF-11", "NIF-15"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(NodeInfoFuzzTest.class, NodeInfoFuzzTest::accepts);
    }
}
