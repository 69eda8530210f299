package org.minip2p.yamux.netty;

import io.netty.channel.ChannelId;

/**
 * The id of a stream's channel: unique, because the connection's id is, and because honest peers never reuse stream
 * ids.
 *
 * @param connection the id of the connection's channel
 * @param streamId the Yamux stream id
 */
record StreamChannelId(ChannelId connection, long streamId) implements ChannelId {
    private static final long serialVersionUID = 1L;

    @Override
    public String asShortText() {
        return connection.asShortText() + '/' + streamId;
    }

    @Override
    public String asLongText() {
        return connection.asLongText() + '/' + streamId;
    }

    @Override
    public int compareTo(ChannelId other) {
        if (other instanceof StreamChannelId that) {
            int byConnection = connection.compareTo(that.connection);
            return byConnection != 0 ? byConnection : Long.compare(streamId, that.streamId);
        }
        return asLongText().compareTo(other.asLongText());
    }

    @Override
    public String toString() {
        return asShortText();
    }
}
