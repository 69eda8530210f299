package org.minip2p.handshake;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one exchange, each on the right thread: cheap checks at once, signatures through the protocol context, filters on the
 * application's executor, in order with the events of the peer, so that a filter that blocks or throws affects only this peer.
 */
final class Verification {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private final HandshakeServices services;
    private final PeerId peer;
    private final Set<String> accepted;
    private final CompletableFuture<NodeInfo> result = new CompletableFuture<>();

    /** Completes when the filters have returned; null until they are called. */
    private volatile @Nullable CompletableFuture<Void> filtering;

    private Verification(HandshakeServices services, PeerId peer, Set<String> accepted) {
        this.services = services;
        this.peer = peer;
        this.accepted = accepted;
    }

    /**
     * Begins to check.
     *
     * @param received the bytes up to the end of input; not changed
     * @param peer the peer of the connection
     * @param accepted the networks that are accepted now
     */
    static Verification start(HandshakeServices services, byte[] received, PeerId peer, Set<String> accepted) {
        Verification verification = new Verification(services, peer, accepted);
        verification.check(received);
        return verification;
    }

    /**
     * The peer's node info, on any thread. Fails with {@link HandshakeFailedException} with the first check that failed, and with {@link
     * LocalFaultException} when a filter failed, or the signature could not be checked. A caller that no longer waits for it completes
     * it.
     */
    CompletableFuture<NodeInfo> result() {
        return result;
    }

    /** The pending call of the application; null when there is none. */
    @Nullable CompletableFuture<?> question() {
        return filtering;
    }

    private void check(byte[] received) {
        try {
            SignedEnvelope.Unverified envelope = services.check().read(received, peer);
            CompletableFuture<Boolean> isGood =
                    services.context().verify(envelope.signer(), envelope.signed(), envelope.signature());
            result.whenComplete((theirs, failure) -> isGood.cancel(false));
            isGood.whenComplete((good, failure) -> {
                if (failure != null) {
                    LOG.debug("peer={} its signature could not be checked error={}", peer, failure.toString());
                    result.completeExceptionally(
                            new LocalFaultException("the signature could not be checked", failure));
                } else if (!result.isDone()) {
                    signatureChecked(envelope, good);
                }
            });
        } catch (HandshakeFailedException e) {
            result.completeExceptionally(e);
        }
    }

    private void signatureChecked(SignedEnvelope.Unverified envelope, boolean isGood) {
        try {
            NodeInfo theirs = services.check().judge(envelope, isGood, accepted);
            if (services.check().hasFilters()) {
                filter(theirs);
            } else {
                result.complete(theirs);
            }
        } catch (HandshakeFailedException e) {
            result.completeExceptionally(e);
        }
    }

    private void filter(NodeInfo theirs) {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        filtering = asked;
        services.context().tell(peer, theirs.keptBytes(), () -> {
            if (!result.isDone()) {
                askFilters(theirs);
                asked.complete(null);
            }
        });
    }

    /** Any exception of a filter fails only this exchange. */
    private void askFilters(NodeInfo theirs) {
        FailureReason.@Nullable Filtered refusal;
        try {
            refusal = services.check().filter(peer, theirs);
        } catch (Throwable e) { // errors and undeclared checked exceptions included: it is not our code
            LOG.error("peer={} a filter threw: the exchange fails", peer, e);
            result.completeExceptionally(new LocalFaultException("a filter failed", e));
            return;
        }
        if (refusal != null) {
            result.completeExceptionally(new HandshakeFailedException(refusal));
        } else {
            result.complete(theirs);
        }
    }
}
