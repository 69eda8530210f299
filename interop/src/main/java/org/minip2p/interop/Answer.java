package org.minip2p.interop;

/**
 * The answer to a request, up to the end of the stream.
 *
 * @param sent the number of bytes of the request
 * @param sentSha256 their hash, in hex
 * @param received the number of bytes of the answer
 * @param receivedSha256 their hash, in hex
 * @param text the first bytes of the answer, as text
 */
record Answer(long sent, String sentSha256, long received, String receivedSha256, String text) {
    @Override
    public String toString() {
        return sent + " bytes " + sentSha256 + " sent, " + received + " bytes " + receivedSha256 + " received";
    }
}
