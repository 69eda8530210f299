package org.minip2p.yamux.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxSession;

/**
 * The parts of a session that read, write and wait. Each takes of those before it what it uses.
 *
 * @param listener the owner
 * @param wire the connection
 * @param session the protocol
 * @param turn owns re-entrancy
 * @param queues the frames to write
 * @param writer writes it
 * @param context what streams share
 * @param streams the streams
 * @param opens requests for streams
 * @param pings the pings of this end
 * @param inbound what has come
 */
record SessionParts(
        YamuxListener listener,
        Wire wire,
        YamuxSession session,
        Turn turn,
        FrameQueues queues,
        FrameWriter writer,
        StreamContext context,
        StreamTable streams,
        PendingOpens opens,
        Pings pings,
        InboundFrames inbound) {

    static SessionParts of(
            ChannelHandlerContext ctx, YamuxSession session, YamuxConfig config, YamuxListener listener) {
        Wire wire = new Wire(ctx);
        Turn turn = new Turn(wire);
        FrameQueues queues = new FrameQueues();
        FrameWriter writer = new FrameWriter(wire, session, queues);
        StreamContext context = new StreamContext(
                wire,
                turn,
                queues,
                session.budget(),
                config,
                stream -> listener.halfOpenTimedOut((YamuxStreamChannel) stream));
        StreamTable streams = new StreamTable(session, context, listener);
        PendingOpens opens = new PendingOpens(session, streams);
        Pings pings = new Pings(session.roundTrip(), queues);
        InboundFrames inbound = new InboundFrames(wire, turn, session, streams, writer, pings);
        return new SessionParts(listener, wire, session, turn, queues, writer, context, streams, opens, pings, inbound);
    }
}
