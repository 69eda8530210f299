package org.minip2p.host;

/**
 * What happens to a stream when its peer has ended its side (sent FIN) and everything before that has been read. The handler of a protocol
 * must choose, since neither value is safe for all: handlers that wait for {@code channelInactive} never close a stream that stays open, and
 * a stream that closes cuts off an answer that is still being computed.
 */
public enum PeerEnd {
    /**
     * As in Netty on TCP: the stream closes, after the written data has left. For protocols whose handlers answer as they read, and for
     * Netty's own codecs, such as HTTP's.
     */
    CLOSE_WITH_PEER,

    /**
     * The stream stays open to be written to, and handlers get a {@link io.netty.channel.socket.ChannelInputShutdownEvent}. For protocols in
     * libp2p's style: request, end, answer. The handler must then close the stream, or end its output. A stream on which nothing is written
     * or sent for {@code halfOpenTimeout} is closed.
     */
    HALF_OPEN
}
