package org.minip2p.multistream.netty;

import io.netty.channel.ChannelHandlerContext;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;

/** What becomes of a negotiation. All methods are called on the channel's event loop, with the stage still in the pipeline. */
public interface NegotiationListener {
    /**
     * The next handler is to be installed right behind {@code ctx}, now: {@code ctx.pipeline().addAfter(ctx.name(), null, next)}.
     * What it writes at once leaves in the same flush as the stage's own last message. Called once at most.
     *
     * <p>A lazy initiator calls this when header and proposal have been written and not yet flushed, before the peer has agreed;
     * the next handler may write, but nothing reaches it before {@link #confirmed}.
     *
     * @param ctx the stage's place in the pipeline
     * @param protocol what was agreed on, or is assumed to be
     */
    void negotiated(ChannelHandlerContext ctx, ProtocolId protocol);

    /**
     * The peer has agreed to what a lazy initiator had assumed; the bytes behind its agreement are forwarded next. Called by a
     * lazy initiator alone, once at most. Nothing is flushed after it.
     *
     * @param ctx the stage's place in the pipeline
     * @param protocol what was agreed on
     */
    default void confirmed(ChannelHandlerContext ctx, ProtocolId protocol) {}

    /**
     * The negotiation has failed; the owner closes the channel or resets the stream. Called once at most, and on a lazy initiator
     * perhaps after {@link #negotiated}. The stage has written all that it ever writes, and discards all further input, its end
     * included.
     *
     * @param ctx the stage's place in the pipeline
     * @param cause an {@link org.minip2p.core.UnsupportedProtocolException} or a {@link
     *     org.minip2p.core.NegotiationFailedException}
     */
    void failed(ChannelHandlerContext ctx, Libp2pException cause);
}
