package org.minip2p.interop;

import java.nio.charset.StandardCharsets;

/**
 * What came back for a request, up to the end of the stream.
 *
 * @param sent how many bytes the request had
 * @param sentSha256 their hash, in hex
 * @param received how many bytes came back
 * @param receivedSha256 their hash, in hex
 * @param head the first bytes that came back
 */
record Answer(long sent, String sentSha256, long received, String receivedSha256, byte[] head) {
    /** As many bytes are kept for {@link #head}. */
    static final int HEAD_BYTES = 128;

    String text() {
        return new String(head, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return sent + " bytes " + sentSha256 + " sent, " + received + " bytes " + receivedSha256 + " received";
    }
}
