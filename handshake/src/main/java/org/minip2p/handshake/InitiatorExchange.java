package org.minip2p.handshake;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/**
 * An exchange that this side starts: asks the application who we are, opens a stream on one very connection, says it, half-closes, reads
 * the answer to the end (NIF-17, NIF-21), and then asks what is accepted (NIF-34).
 *
 * <p>Made on the host's peer executor, which also owns its deadline: a result that fails, for whatever reason, resets the stream.
 */
final class InitiatorExchange {
    private final Connection connection;
    private final HandshakeServices services;
    private final CompletableFuture<OwnSide.Sealed> own;
    private final CompletableFuture<byte[]> response = new CompletableFuture<>();
    private final CompletableFuture<Verified> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<Set<String>> accepted;

    private InitiatorExchange(Connection connection, HandshakeServices services) {
        this.connection = connection;
        this.services = services;
        this.own = services.own().info();
    }

    /** Starts an exchange on this connection. */
    static InitiatorExchange start(Connection connection, HandshakeServices services) {
        InitiatorExchange exchange = new InitiatorExchange(connection, services);
        exchange.start();
        return exchange;
    }

    /**
     * The peer's node info, verified. Fails with {@link HandshakeFailedException}, {@link LocalFaultException}, or what else ended the
     * stream or kept it from being opened.
     */
    CompletableFuture<Verified> result() {
        return result;
    }

    /** Its deadline has passed. */
    void expire(Duration deadline) {
        result.completeExceptionally(Lateness.of(deadline, own, accepted));
    }

    /** Ends it. */
    void cancel() {
        result.cancel(false);
    }

    private void start() {
        result.whenComplete((theirs, failure) -> {
            own.cancel(false);
            CompletableFuture<Set<String>> asked = accepted;
            if (asked != null) {
                asked.cancel(false);
            }
        });
        own.whenComplete((said, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.isDone()) {
                open(said);
            }
        });
    }

    private void open(OwnSide.Sealed said) {
        CompletableFuture<ProtocolStream> opening =
                connection.openStream(NodeInfoHandshake.ID, stream -> opened(stream, said));
        opening.whenComplete((stream, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((theirs, failure) -> {
            if (failure != null && !opening.cancel(false)) {
                opening.thenAccept(ProtocolStream::reset);
            }
        });
    }

    /** Header, proposal, envelope and the end of our side leave together. */
    private void opened(ProtocolStream stream, OwnSide.Sealed said) {
        response.whenComplete((bytes, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.isDone()) {
                responseRead(stream, bytes, said.asks());
            }
        });
        stream.pipeline().addLast(new EnvelopeReader(response));
        // What fails here shows as the end of the stream.
        var unusedWrite = stream.channel().write(Unpooled.wrappedBuffer(said.envelope()));
        var unusedEnd = stream.channel().shutdownOutput();
    }

    private void responseRead(ProtocolStream stream, byte[] bytes, long asks) {
        CompletableFuture<Set<String>> asked = services.own().accepted();
        accepted = asked;
        asked.whenComplete((networks, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            try {
                stream.channel().eventLoop().execute(() -> verify(bytes, networks, asks));
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(e);
            }
        });
    }

    private void verify(byte[] bytes, Set<String> networks, long asks) {
        try {
            NodeInfo theirs = Verification.verify(services.check(), bytes, connection.remotePeer(), networks);
            result.complete(new Verified(theirs, asks));
        } catch (HandshakeFailedException | LocalFaultException e) {
            result.completeExceptionally(e);
        }
    }
}
