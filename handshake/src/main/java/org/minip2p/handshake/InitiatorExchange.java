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
 * An exchange that this side starts: asks the application for our own info, opens a stream on a given connection, sends the info,
 * half-closes, reads the answer to the end (NIF-17, NIF-21), and then asks the application for the accepted networks (NIF-34).
 *
 * <p>Created on the host's peer executor, which also owns its deadline. Any failure of the result resets the stream.
 */
final class InitiatorExchange {
    private final Connection connection;
    private final HandshakeServices services;
    private final CompletableFuture<OwnSide.Sealed> own;
    private final CompletableFuture<byte[]> response = new CompletableFuture<>();
    private final CompletableFuture<Verified> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<Set<String>> accepted;
    private volatile @Nullable Verification verification;

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
     * The peer's node info, verified. Fails with {@link HandshakeFailedException}, {@link LocalFaultException}, or any other failure
     * that ended the stream or prevented its opening.
     */
    CompletableFuture<Verified> result() {
        return result;
    }

    /** Its deadline has passed. */
    void expire(Duration deadline) {
        Verification checking = verification;
        CompletableFuture<?> filtering = checking == null ? null : checking.question();
        result.completeExceptionally(Lateness.of(services.own(), deadline, own, accepted, filtering));
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
            Verification checking = verification;
            if (checking != null) {
                checking.result().cancel(false);
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
        if (services.context().isBehind(connection.remotePeer())) {
            result.completeExceptionally(
                    new LocalFaultException("too many events of this peer wait for the application"));
            return;
        }
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
        // A failure here ends the stream.
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
        if (result.isDone()) {
            return; // too late
        }
        Verification started = Verification.start(services, bytes, connection.remotePeer(), networks);
        verification = started;
        started.result().whenComplete((theirs, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(new Verified(theirs, asks));
            }
        });
        if (result.isDone()) {
            started.result().cancel(false); // its deadline has passed meanwhile without closing this stream
        }
    }
}
