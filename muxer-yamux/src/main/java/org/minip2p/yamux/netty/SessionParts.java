package org.minip2p.yamux.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxSession;

/**
 * The parts of a session that read, write and wait. Each takes of those before it what it uses.
 *
 * @param wire the connection
 * @param session the protocol
 * @param turn owns re-entrancy
 * @param queues what is to be written
 * @param writer writes it
 * @param waiters streams that wait for the connection
 * @param closing streams that wait for the peer's FIN
 * @param streams the streams
 * @param opens requests for streams
 * @param pings the pings of this end
 * @param inbound what has come
 */
record SessionParts(
        Wire wire,
        YamuxSession session,
        Turn turn,
        FrameQueues queues,
        FrameWriter writer,
        WritableWaiters waiters,
        ClosingStreams closing,
        StreamTable streams,
        PendingOpens opens,
        Pings pings,
        InboundFrames inbound) {

    static SessionParts of(
            ChannelHandlerContext ctx,
            YamuxSession session,
            YamuxConfig config,
            YamuxListener listener,
            Turn.Steps steps) {
        Wire wire = new Wire(ctx);
        Turn turn = new Turn(wire, steps);
        FrameQueues queues = new FrameQueues();
        FrameWriter writer = new FrameWriter(wire, session, queues);
        WritableWaiters waiters = new WritableWaiters(wire, turn);
        ClosingStreams closing =
                new ClosingStreams(wire, config.get(YamuxConfig.CLOSE_TIMEOUT).toNanos());
        StreamContext context = new StreamContext(
                wire, turn, queues, waiters, closing, config.get(YamuxConfig.STREAM_SEND_QUEUE_BYTES));
        StreamTable streams = new StreamTable(session, context, listener);
        PendingOpens opens = new PendingOpens(session, streams);
        Pings pings = new Pings(session.roundTrip(), queues);
        InboundFrames inbound = new InboundFrames(wire, session, streams, writer, queues.replies(), pings);
        return new SessionParts(wire, session, turn, queues, writer, waiters, closing, streams, opens, pings, inbound);
    }
}
