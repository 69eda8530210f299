package org.minip2p.interop;

/**
 * What came back for a request, up to the end of the stream.
 *
 * @param sent how many bytes the request had
 * @param sentSha256 their hash, in hex
 * @param received how many bytes came back
 * @param receivedSha256 their hash, in hex
 * @param text the first bytes that came back, as text
 */
record Answer(long sent, String sentSha256, long received, String receivedSha256, String text) {
    @Override
    public String toString() {
        return sent + " bytes " + sentSha256 + " sent, " + received + " bytes " + receivedSha256 + " received";
    }
}
