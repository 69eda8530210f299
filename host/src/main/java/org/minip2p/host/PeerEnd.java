package org.minip2p.host;

/**
 * What it means to a stream that its peer has ended its side (sent FIN) and everything before that has been read. Who answers to a protocol
 * says so, since neither is safe for all: a stream that stays open is never closed by handlers that wait for {@code channelInactive}, and one
 * that closes cuts off an answer that is still being computed.
 */
public enum PeerEnd {
    /**
     * As Netty does on TCP: the stream closes, after what was written to it has left. For protocols whose handlers answer as they read, and
     * for Netty's own codecs, such as HTTP's.
     */
    CLOSE_WITH_PEER,

    /**
     * The stream stays open to be written to, and handlers get a {@link io.netty.channel.socket.ChannelInputShutdownEvent}. For protocols in
     * libp2p's habit: request, end, answer. Whoever chooses this closes the stream, or ends its output. One on which nothing is written, nor
     * taken by the peer, for {@code halfOpenTimeout} is closed.
     */
    HALF_OPEN
}
