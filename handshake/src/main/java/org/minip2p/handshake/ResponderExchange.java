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
 * An exchange that the peer has started: reads the request to the end, verifies it, answers with our own info, closes (NIF-18). A peer
 * with a valid request that we refuse also gets an answer, so that it learns why (NIF-20). Invalid requests get no answer (NIF-19).
 *
 * <p>Confined to the connection's event loop, except for the application's suppliers. The owner keeps the deadline: a result that fails
 * before the answer resets the stream.
 */
final class ResponderExchange {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private final ProtocolStream stream;
    private final HandshakeServices services;
    private final CompletableFuture<Verified> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<OwnSide.Side> side;
    private volatile @Nullable Verification verification;

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
            Verification checking = exchange.verification;
            if (checking != null) {
                checking.result().cancel(false);
            }
            if (failure != null && !isAnswered(failure)) {
                stream.reset();
            }
        });
        stream.pipeline().addLast(new EnvelopeReader(request));
        return exchange;
    }

    /**
     * The peer's node info, verified. Fails with {@link HandshakeFailedException}, {@link LocalFaultException}, or any other failure
     * that ended the stream; the owner fails it when its deadline passes.
     */
    CompletableFuture<Verified> result() {
        return result;
    }

    /** Its deadline has passed: also drops an answer that has not been sent yet. */
    void expire(Duration deadline) {
        Verification checking = verification;
        CompletableFuture<?> filtering = checking == null ? null : checking.question();
        result.completeExceptionally(Lateness.of(services.own(), deadline, side, filtering));
        reset();
    }

    /** Its connection. */
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

    /** Whether a peer that is refused for this reason gets our answer. */
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
            onEventLoop(() -> verify(request, now));
        });
    }

    private void onEventLoop(Runnable task) {
        try {
            stream.channel().eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
    }

    private void verify(byte[] request, OwnSide.Side now) {
        if (result.isDone()) {
            return; // too late
        }
        Verification started = Verification.start(services, request, stream.remotePeer(), now.accepted());
        verification = started;
        started.result().whenComplete((theirs, failure) -> {
            if (stream.channel().eventLoop().inEventLoop()) {
                verified(theirs, failure, now.own());
            } else {
                onEventLoop(() -> verified(theirs, failure, now.own()));
            }
        });
        if (result.isDone()) {
            started.result().cancel(false); // its deadline has passed meanwhile without closing this stream
        }
    }

    private void verified(@Nullable NodeInfo theirs, @Nullable Throwable failure, OwnSide.Sealed own) {
        if (theirs != null) {
            if (result.complete(new Verified(theirs, own.asks()))) {
                answer(own);
            }
        } else if (failure != null && result.completeExceptionally(failure) && isAnswered(failure)) {
            answer(own);
        }
    }

    private void answer(OwnSide.Sealed own) {
        stream.channel().write(Unpooled.wrappedBuffer(own.envelope())).addListener(written -> {
            if (!written.isSuccess()) {
                LOG.trace(
                        "connection={} peer={} closed before our answer was sent error={}",
                        connection().id(),
                        stream.remotePeer(),
                        String.valueOf(written.cause()));
            }
        });
        var unused = stream.channel().close();
    }
}
