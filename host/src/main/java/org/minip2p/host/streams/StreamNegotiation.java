package org.minip2p.host.streams;

import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.multistream.netty.MultistreamInitiator;
import org.minip2p.multistream.netty.MultistreamResponder;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules for protocol negotiation on a host's streams. Thread-safe. */
public final class StreamNegotiation {
    private static final Logger LOG = LoggerFactory.getLogger(StreamNegotiation.class);

    private final ProtocolRegistry protocols;
    private final Predicate<ProtocolId> supported;
    private final MultistreamConfig limits;
    private final Duration timeout;
    private final int maxNegotiating;
    private final Predicate<ProtocolId> pipelined;
    private final StreamWatch watch;

    /**
     * Creates the rules of one host.
     *
     * @param protocols the protocols that it handles
     * @param limits of one negotiation
     * @param timeout the time limit of one negotiation
     * @param maxNegotiating the most inbound streams of one connection that negotiate at the same time
     * @param pipelined whether a single proposal is followed at once by the data that its handler writes
     * @param watch receives failures and measurements
     */
    public StreamNegotiation(
            ProtocolRegistry protocols,
            MultistreamConfig limits,
            Duration timeout,
            int maxNegotiating,
            Predicate<ProtocolId> pipelined,
            StreamWatch watch) {
        this.protocols = protocols;
        this.supported = protocols::supports;
        this.limits = limits;
        this.timeout = timeout;
        this.maxNegotiating = maxNegotiating;
        this.pipelined = pipelined;
        this.watch = watch;
    }

    /** Whether not to wait for the peer's confirmation. */
    boolean isLazy(List<ProtocolId> proposals) {
        return proposals.size() == 1 && pipelined.test(proposals.get(0));
    }

    ChannelHandler initiator(List<ProtocolId> proposals, NegotiationListener listener) {
        return isLazy(proposals)
                ? MultistreamInitiator.lazy(proposals.get(0), listener)
                : MultistreamInitiator.waiting(proposals, listener);
    }

    ChannelHandler responder(NegotiationListener listener) {
        return new MultistreamResponder(supported, limits, listener);
    }

    @Nullable ProtocolHandler handler(ProtocolId protocol) {
        return protocols.find(protocol);
    }

    /** The handlers of a protocol left a stream half-open: logs this once for each protocol that this host handles. */
    void halfOpenTimedOut(YamuxStreamChannel stream) {
        String label = stream.label();
        ProtocolHandler answering =
                label == null || stream.role() == Role.INITIATOR ? null : handler(new ProtocolId(label));
        if (answering != null && answering.isFirstHalfOpenTimeout()) {
            LOG.warn(
                    "protocol={} stream={} was half-open and idle, and was closed: its handlers must close streams whose peer has closed its side, or choose"
                            + " CLOSE_WITH_PEER",
                    label,
                    stream.streamId());
        } else {
            LOG.debug("protocol={} stream={} was half-open and idle, and was closed", label, stream.streamId());
        }
    }

    ScheduledFuture<?> deadline(YamuxStreamChannel channel, Runnable task) {
        return channel.eventLoop().schedule(task, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    Duration timeout() {
        return timeout;
    }

    StreamWatch watch() {
        return watch;
    }

    int maxNegotiating() {
        return maxNegotiating;
    }
}
