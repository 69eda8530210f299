package org.minip2p.handshake;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange that the peer has started: reads the request to the end, verifies it, answers who we are, closes (NIF-18). A peer whose
 * request is valid but who is not for us is answered all the same, so that it learns why (NIF-20); anything else is not (NIF-19).
 *
 * <p>Confined to the connection's event loop, but for what the application says of our side. The deadline is the owner's: a result that
 * fails while nothing was answered resets the stream.
 */
final class ResponderExchange {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private final ProtocolStream stream;
    private final HandshakeServices services;
    private final CompletableFuture<Verified> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<OwnSide.Side> side;

    private ResponderExchange(ProtocolStream stream, HandshakeServices services) {
        this.stream = stream;
        this.services = services;
    }

    /** Begins to read; on the event loop. */
    static ResponderExchange start(ProtocolStream stream, HandshakeServices services) {
        ResponderExchange exchange = new ResponderExchange(stream, services);
        CompletableFuture<byte[]> request = new CompletableFuture<>();
        request.whenComplete((bytes, failure) -> {
            if (failure != null) {
                exchange.result.completeExceptionally(failure);
            } else {
                exchange.requestRead(bytes);
            }
        });
        exchange.result.whenComplete((theirs, failure) -> {
            CompletableFuture<OwnSide.Side> asked = exchange.side;
            if (asked != null) {
                asked.cancel(false);
            }
            if (failure != null && !isAnswered(failure)) {
                stream.reset();
            }
        });
        stream.pipeline().addLast(new EnvelopeReader(request));
        return exchange;
    }

    /**
     * The peer's node info, verified. Fails with {@link HandshakeFailedException}, {@link LocalFaultException}, or what else ended the
     * stream; to be failed when its deadline passes.
     */
    CompletableFuture<Verified> result() {
        return result;
    }

    /** Its deadline has passed: an answer that has not left by now is dropped, too. */
    void expire(Duration deadline) {
        result.completeExceptionally(Lateness.of(deadline, side));
        reset();
    }

    /** The connection that it is on. */
    Connection connection() {
        return stream.connection();
    }

    /** The stream, closed when our answer has left. */
    Channel channel() {
        return stream.channel();
    }

    /** Drops what has not been sent yet. */
    void reset() {
        stream.reset();
    }

    /** Whether a peer that is refused for this is told who we are. */
    static boolean isAnswered(Throwable failure) {
        return failure instanceof HandshakeFailedException refused
                && (refused.reason() instanceof FailureReason.NetworkMismatch
                        || refused.reason() instanceof FailureReason.Filtered);
    }

    private void requestRead(byte[] request) {
        if (result.isDone()) {
            return; // too late
        }
        CompletableFuture<OwnSide.Side> asked = services.own().side();
        side = asked;
        asked.whenComplete((now, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            try {
                stream.channel().eventLoop().execute(() -> verify(request, now));
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(e);
            }
        });
    }

    private void verify(byte[] request, OwnSide.Side now) {
        if (result.isDone()) {
            return; // too late
        }
        try {
            NodeInfo theirs = Verification.verify(services.check(), request, stream.remotePeer(), now.accepted());
            if (result.complete(new Verified(theirs, now.own().asks()))) {
                answer(now.own());
            }
        } catch (HandshakeFailedException | LocalFaultException e) {
            if (result.completeExceptionally(e) && isAnswered(e)) {
                answer(now.own());
            }
        }
    }

    private void answer(OwnSide.Sealed own) {
        stream.channel().write(Unpooled.wrappedBuffer(own.envelope())).addListener(written -> {
            if (!written.isSuccess()) {
                LOG.trace(
                        "connection={} peer={} gone before our answer error={}",
                        connection().id(),
                        stream.remotePeer(),
                        String.valueOf(written.cause()));
            }
        });
        var unused = stream.channel().close();
    }
}
