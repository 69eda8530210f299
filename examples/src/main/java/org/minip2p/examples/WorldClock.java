package org.minip2p.examples;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.Printable;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.StreamOptions;
import org.minip2p.host.StreamQuota;

/**
 * Request and response: typed messages on Netty's codecs, one stream per exchange, a deadline at both ends.
 *
 * <pre>
 * examples/run WorldClock serve /ip4/127.0.0.1/tcp/4001       prints its address
 * examples/run WorldClock ask ADDRESS Europe/Zurich
 * </pre>
 */
public final class WorldClock {
    static final ProtocolId ID = new ProtocolId("/examples/world-clock/1.0.0");
    static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int MAX_FRAME_BYTES = 256;
    private static final String USAGE = "WorldClock serve LISTEN | WorldClock ask ADDRESS ZONE";

    private WorldClock() {}

    sealed interface Message {}

    record TimeIn(String zone) implements Message {}

    sealed interface Answer extends Message {}

    record TimeIs(LocalDateTime time) implements Answer {}

    record NoSuchZone(String zone) implements Answer {}

    /**
     * A message is a letter and a text. An exception of {@code decode} becomes a {@code DecoderException}, which resets the stream.
     */
    private static final class Codec extends MessageToMessageCodec<ByteBuf, Message> {
        @Override
        protected void encode(ChannelHandlerContext ctx, Message message, List<Object> out) {
            String text;
            if (message instanceof TimeIn question) {
                text = "?" + question.zone();
            } else if (message instanceof TimeIs answer) {
                text = "=" + answer.time();
            } else {
                text = "!" + ((NoSuchZone) message).zone();
            }
            ByteBuf frame = ctx.alloc().buffer(text.length());
            frame.writeCharSequence(text, StandardCharsets.UTF_8);
            out.add(frame);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf frame, List<Object> out) {
            char type = (char) frame.readByte();
            String text = frame.toString(StandardCharsets.UTF_8);
            out.add(
                    switch (type) {
                        case '?' -> new TimeIn(text);
                        case '=' -> new TimeIs(LocalDateTime.parse(text));
                        case '!' -> new NoSuchZone(text);
                        default -> throw new CorruptedFrameException("expected ?, = or !, got " + (int) type);
                    });
        }
    }

    private static ChannelPipeline addCodec(ChannelPipeline pipeline) {
        return pipeline.addLast(
                new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 2, 0, 2),
                new LengthFieldPrepender(2),
                new Codec());
    }

    /** Answers one request per stream. A peer may have 16 streams open, and is timed out if it sends its request too slowly. */
    static void serve(Host host) {
        host.handle(ID, CLOSE_WITH_PEER, host.protocolContext().limited(StreamQuota.ofOpen(16), stream -> {
            stream.pipeline().addLast(new ReadTimeoutHandler((int) DEADLINE.toSeconds()));
            addCodec(stream.pipeline()).addLast(new SimpleChannelInboundHandler<Message>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, Message message) {
                    if (message instanceof TimeIn question) {
                        ctx.writeAndFlush(answer(question)).addListener(ChannelFutureListener.CLOSE);
                    } else {
                        throw new CorruptedFrameException("expected a question, got " + message);
                    }
                }
            });
        }));
    }

    private static Answer answer(TimeIn question) {
        return ZoneId.getAvailableZoneIds().contains(question.zone())
                ? new TimeIs(LocalDateTime.now(ZoneId.of(question.zone())))
                : new NoSuchZone(question.zone());
    }

    /** Asks a peer. Any failure of the answer, including the deadline, resets the stream. */
    static CompletableFuture<Answer> ask(Host host, Connection connection, String zone) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        StreamOptions options = StreamOptions.defaults().withPeerEnd(CLOSE_WITH_PEER);
        Asker asker = new Asker(new TimeIn(zone), answer);
        ProtocolContext.tie(
                connection.openStream(
                        ID, options, stream -> addCodec(stream.pipeline()).addLast(asker)),
                answer);
        host.protocolContext().expire(ID, DEADLINE, answer);
        return answer;
    }

    private static final class Asker extends SimpleChannelInboundHandler<Message> {
        private final TimeIn question;
        private final CompletableFuture<Answer> answer;

        Asker(TimeIn question, CompletableFuture<Answer> answer) {
            this.question = question;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(question);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Message message) {
            if (message instanceof Answer answered) {
                answer.complete(answered);
                ctx.close();
            } else {
                throw new CorruptedFrameException("expected an answer, got " + message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new EOFException("the stream has ended before the answer"));
        }
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        if (args.length == 2 && args[0].equals("serve")) {
            Multiaddr listen = Multiaddr.parse(args[1]);
            try (Host host = Host.builder().start().join()) {
                serve(host);
                host.listen(listen).join();
                System.out.println("listening on " + host.addresses().get(0));
                Program.serveUntilInputEnds();
            }
        } else if (args.length == 3 && args[0].equals("ask") && args[2].length() <= 64) {
            Multiaddr address = Program.peerAddress(args[1]);
            try (Host host = Host.builder().start().join()) {
                Answer answer = ask(host, host.dial(address).join(), args[2]).join();
                System.out.println(Printable.safe(answer.toString()));
            }
        } else {
            throw Program.wrongArguments(args);
        }
    }
}
