package org.minip2p.multistream.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;

/**
 * Receives the result of a negotiation. All methods are called on the channel's event loop, with the stage still in the pipeline.
 */
public interface NegotiationListener {
    /**
     * The listener must now install the next handler right after {@code ctx}:
     * {@code ctx.pipeline().addAfter(ctx.name(), null, next)}. Data that it writes at once leaves in the same flush as the
     * stage's own last message. Called at most once.
     *
     * <p>A lazy initiator calls this when header and proposal have been written and not yet flushed, before the peer has agreed;
     * the next handler may write, but nothing reaches it before {@link #confirmed}.
     *
     * @param ctx the stage's place in the pipeline
     * @param protocol the agreed or assumed protocol
     */
    void negotiated(ChannelHandlerContext ctx, ProtocolId protocol);

    /**
     * The peer has accepted the protocol that a lazy initiator had assumed; the bytes after its answer are forwarded next. Called
     * only by a lazy initiator, at most once. Nothing is flushed after it.
     *
     * @param ctx the stage's place in the pipeline
     * @param protocol the agreed protocol
     */
    default void confirmed(ChannelHandlerContext ctx, ProtocolId protocol) {}

    /**
     * The negotiation has failed; the owner closes the channel or resets the stream. Called at most once, on a lazy initiator
     * possibly after {@link #negotiated}. The stage writes nothing more, and discards all further input, including its end.
     *
     * @param ctx the stage's place in the pipeline
     * @param cause an {@link org.minip2p.core.UnsupportedProtocolException} or a {@link
     *     org.minip2p.core.NegotiationFailedException}
     */
    void failed(ChannelHandlerContext ctx, Libp2pException cause);
}
