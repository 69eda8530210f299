package org.minip2p.host;

/** What an application does with a stream on which its protocol was agreed. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Puts handlers into the stream's pipeline. Called on the connection's event loop, before the first byte of the protocol is read, so
     * it must not block. As in a {@code ChannelInitializer} of Netty the channel
     * is not active yet, and what is put into the pipeline is told {@code channelActive} afterwards.
     * On the side that opened the stream it may run before the peer has confirmed the protocol: what is written then leaves together
     * with the proposal.
     *
     * <p>An exception that reaches the end of the stream's pipeline resets the stream, and nothing else. Handlers may be added later, too,
     * at the end of the pipeline or elsewhere; what comes before them is lost unless {@code autoRead} is off.
     *
     * @param stream the new stream
     * @throws Exception resets the stream
     */
    void opened(ProtocolStream stream) throws Exception;
}
