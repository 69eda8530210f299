package org.minip2p.host;

/** Is told of exceptions that the handlers of a stream threw and nobody caught. */
@FunctionalInterface
public interface StreamFailureListener {
    /**
     * Called once for each, on the event loop of the stream's connection, so it must not block; the stream is reset afterwards. Failures of
     * the peer and of the network come here, too: {@code IOException}s, this library's among them, and Netty's {@code
     * DecoderException}s, {@code PrematureChannelClosureException}s and time-outs.
     *
     * @param host on which
     * @param stream where
     * @param cause what was thrown
     */
    void streamFailed(Host host, ProtocolStream stream, Throwable cause);
}
