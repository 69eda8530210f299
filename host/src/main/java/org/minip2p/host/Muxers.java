package org.minip2p.host;

import org.minip2p.yamux.YamuxConfig;

/** The muxer's settings, from the host's. */
final class Muxers {
    private Muxers() {}

    static YamuxConfig yamux(HostConfig config) {
        return YamuxConfig.defaults()
                .withMaxInboundStreams(config.maxInboundStreams())
                .withMaxUnacknowledgedInbound(config.maxUnacknowledgedStreams())
                .withMaxOutboundStreams(config.maxOutboundStreams())
                .withStreamSendQueueBytes(config.streamQueueBytes())
                .withMaxStreamWindowBytes(config.maxStreamWindowBytes())
                .withConnectionBudgetBytes(config.connectionBudgetBytes())
                .withMaxResets(config.maxResets())
                .withKeepAliveInterval(config.keepAliveInterval());
    }
}
