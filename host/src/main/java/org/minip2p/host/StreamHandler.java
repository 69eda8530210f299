package org.minip2p.host;

/** Sets up a new stream with an agreed protocol. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Puts handlers into the stream's pipeline. Called on the connection's event loop, before the first byte of the protocol is read, so
     * it must not block. As in Netty's {@code ChannelInitializer}, the channel is not active yet, and the new handlers get
     * {@code channelActive} afterwards. On the side that opened the stream, this may run before the peer has confirmed the protocol: data
     * written then leaves together with the proposal.
     *
     * <p>An exception that reaches the end of the stream's pipeline resets only the stream. Handlers may also be added later, at the end
     * of the pipeline or elsewhere; data that arrives before them is lost unless {@code autoRead} is off.
     *
     * @param stream the new stream
     * @throws Exception resets the stream
     */
    void opened(ProtocolStream stream) throws Exception;
}
