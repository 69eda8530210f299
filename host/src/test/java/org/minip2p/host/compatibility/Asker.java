package org.minip2p.host.compatibility;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sends its questions when its channel is active, and completes an answer with the replies.
 *
 * @param <I> the type of a reply
 */
final class Asker<I> extends SimpleChannelInboundHandler<I> {
    private final List<?> questions;
    private final int replies;
    private final Function<I, String> text;
    private final CompletableFuture<String> answer;
    private final List<String> read = new ArrayList<>();

    /**
     * Asks, and waits for the replies.
     *
     * @param type the type of a reply
     * @param questions the questions, which are written one by one and flushed together
     * @param replies the number of replies
     * @param text returns the text of a reply
     * @param answer completes with the texts of all replies
     */
    Asker(Class<I> type, List<?> questions, int replies, Function<I, String> text, CompletableFuture<String> answer) {
        super(type);
        this.questions = questions;
        this.replies = replies;
        this.text = text;
        this.answer = answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        for (Object question : questions) {
            ctx.write(question);
        }
        ctx.flush();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, I reply) {
        read.add(text.apply(reply));
        if (read.size() == replies) {
            answer.complete(String.join("|", read));
        }
    }
}
