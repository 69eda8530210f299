package org.minip2p.host;

/** Receives uncaught exceptions of the handlers of streams. */
@FunctionalInterface
public interface StreamFailureListener {
    /**
     * Called once for each exception, on the event loop of the stream's connection, so it must not block; the stream is reset afterwards.
     * Failures of the peer and of the network are included: {@code IOException}s, this library's among them, and Netty's
     * {@code DecoderException}s, {@code PrematureChannelClosureException}s and time-outs.
     *
     * @param host the host
     * @param stream the stream
     * @param cause what was thrown
     */
    void streamFailed(Host host, ProtocolStream stream, Throwable cause);
}
