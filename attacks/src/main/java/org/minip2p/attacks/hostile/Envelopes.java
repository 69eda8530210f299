package org.minip2p.attacks.hostile;

import java.nio.charset.StandardCharsets;
import org.minip2p.core.PrivateKey;
import org.minip2p.handshake.SignedEnvelope;

/** Node info with a valid signature, whatever its content. */
final class Envelopes {
    private Envelopes() {}

    /** Signs any payload. */
    static byte[] of(PrivateKey key, String payload) {
        return SignedEnvelope.seal(
                key,
                "ssv",
                "ssv/nodeinfo".getBytes(StandardCharsets.US_ASCII),
                payload.getBytes(StandardCharsets.UTF_8));
    }

    /** Node info of the victim's own network; a new version makes it differ from the last one. */
    static byte[] nodeInfo(PrivateKey key, String version) {
        String metadata = "{\\\"NodeVersion\\\":\\\"" + version
                + "\\\",\\\"ExecutionNode\\\":\\\"e\\\",\\\"ConsensusNode\\\":\\\"c\\\",\\\"Subnets\\\":\\\""
                + "f".repeat(32) + "\\\"}";
        return of(key, "{\"Entries\":[\"\",\"0x00000502\",\"" + metadata + "\"]}");
    }
}
