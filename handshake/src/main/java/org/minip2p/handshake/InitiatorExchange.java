package org.minip2p.handshake;

import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolStream;

/**
 * An exchange that this side starts: opens a stream on one very connection, says who we are, half-closes, and reads the answer to the
 * end (NIF-17, NIF-21).
 *
 * <p>Made on the host's peer executor; afterwards confined to the connection's event loop. The deadline is the owner's: a result that
 * fails, for whatever reason, resets the stream.
 */
final class InitiatorExchange {
    private final Connection connection;
    private final OwnInfo.Sealed own;
    private final NodeInfoCheck check;
    private final CompletableFuture<byte[]> response = new CompletableFuture<>();
    private final CompletableFuture<NodeInfo> result = new CompletableFuture<>();

    private InitiatorExchange(Connection connection, OwnInfo.Sealed own, NodeInfoCheck check) {
        this.connection = connection;
        this.own = own;
        this.check = check;
    }

    /**
     * Starts an exchange.
     *
     * @return the peer's node info, verified; fails with {@link HandshakeFailedException}, {@link LocalFaultException}, or what else
     *     ended the stream or kept it from being opened
     */
    static CompletableFuture<NodeInfo> start(Connection connection, OwnInfo.Sealed own, NodeInfoCheck check) {
        InitiatorExchange exchange = new InitiatorExchange(connection, own, check);
        exchange.start();
        return exchange.result;
    }

    private void start() {
        response.whenComplete((bytes, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                verify(bytes);
            }
        });
        CompletableFuture<ProtocolStream> opening = connection.openStream(NodeInfoHandshake.ID, this::opened);
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
    private void opened(ProtocolStream stream) {
        stream.pipeline().addLast(new EnvelopeReader(response));
        // What fails here shows as the end of the stream.
        var unusedWrite = stream.channel().write(Unpooled.wrappedBuffer(own.envelope()));
        var unusedEnd = stream.channel().shutdownOutput();
    }

    private void verify(byte[] bytes) {
        try {
            result.complete(Verification.verify(check, bytes, connection.remotePeer(), own.info()));
        } catch (HandshakeFailedException | LocalFaultException e) {
            result.completeExceptionally(e);
        }
    }
}
