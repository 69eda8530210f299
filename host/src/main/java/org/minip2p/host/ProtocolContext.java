package org.minip2p.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;

/**
 * What a protocol uses that keeps state per peer, beside its streams: a serial executor on which the connections of a peer come and go,
 * quotas of streams, deadlines, and the application's ear. Ping, Identify and the node-info handshake are written on it; there is one for
 * all protocols of a host, {@link Host#protocolContext}.
 *
 * <pre>{@code
 * ProtocolContext context = host.protocolContext();
 * context.observe(observer);                                      // connections, those that are there first
 * host.handle(ID, HALF_OPEN, context.limited(quota, this::answer));
 *
 * CompletableFuture<Answer> answer = new CompletableFuture<>();
 * ProtocolContext.tie(connection.openStream(ID, stream -> stream.pipeline().addLast(new Asker(answer))), answer);
 * context.expire(ID, Duration.ofSeconds(5), answer);              // whatever fails the answer, resets the stream
 * }</pre>
 *
 * <p>Thread-safe. As an executor it runs tasks one after the other on a thread of the host, on which the host decides about peers, too: a
 * task must not block. What a task reads of {@link Host#connections} stays so until it returns.
 */
public interface ProtocolContext extends Executor {
    /** Is told of connections, on the context's executor, in the very task that made it so; it must not block. What it throws is logged. */
    interface ConnectionObserver {
        /**
         * A connection is there; no stream of it has been served yet, unless it was there before the observer.
         *
         * @param connection which
         * @param numEstablished how many connections to this peer there are, this one included
         */
        void established(Connection connection, int numEstablished);

        /**
         * A connection of which {@link #established} was told has ended.
         *
         * @param connection which
         * @param numEstablished how many connections to this peer are left
         * @param cause why
         */
        void closed(Connection connection, int numEstablished, CloseCause cause);
    }

    /**
     * Runs a task behind all that were given before.
     *
     * @throws RejectedExecutionException when the host has ended, and with it every connection
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the executor after a while.
     *
     * @param delay zero or more
     * @return to cancel it; tasks that wait when the host ends never run
     * @throws RejectedExecutionException when the host has ended
     */
    ScheduledFuture<?> schedule(Duration delay, Runnable task);

    /** Whether the current thread runs a task of the executor. */
    boolean isCurrent();

    /**
     * Tells an observer of each connection, once, when it is there: of those that are there now in one task, which is the current one when
     * called on the executor, then of others as they come. Does nothing when the host has ended.
     *
     * @throws IllegalStateException when it is told already
     */
    void observe(ConnectionObserver observer);

    /** Tells this observer no more: not even what is being told now, when called on the executor. */
    void stopObserving(ConnectionObserver observer);

    /**
     * Runs a task of the application's on its executor, in order with the events of this peer. What a peer can make a protocol tell has to
     * be bounded: see {@link #isBehind}. A task that does not return for {@link HostConfig#LISTENER_TIMEOUT} costs the peer its
     * connections; what follows waits until it does, and no more than a bounded number of tasks.
     */
    default void tell(PeerId peer, Runnable task) {
        tell(peer, 0, task);
    }

    /**
     * The same for a task that keeps much of what the peer has sent.
     *
     * @param bytes how many it keeps until it has run, zero or more; counted as held by the host
     * @throws IllegalArgumentException when that is negative
     */
    void tell(PeerId peer, int bytes, Runnable task);

    /**
     * Whether so much waits to be told of this peer, or is kept by what waits for all peers, that a protocol should take nothing from it
     * that would add to that. New connections of a peer that is behind are refused. Any thread.
     */
    boolean isBehind(PeerId peer);

    /**
     * A handler of streams of which each peer may open so many: those beyond are reset. What is known of a peer is forgotten with its last
     * connection and stream.
     *
     * @param quota how many
     * @param handler gets the others
     */
    StreamHandler limited(StreamQuota quota, StreamHandler handler);

    /**
     * Checks a signature of a connected peer. With Ed25519 that takes a moment and is done at once; other keys, of which some take
     * milliseconds, are checked on a few threads of the host, one at a time of each peer. The caller compares first whether the key is the
     * one that has to have signed.
     *
     * @param key the peer's
     * @param message the signed bytes; not to be changed
     * @param signature as {@link PublicKey#verify} takes it
     * @return whether it is good, on this thread or on one of the host's; fails with {@link RejectedExecutionException} when the peer has
     *     30 such signatures checked in 10 s or 8 waiting, has no connection, or the host has ended. Cancelling takes a check back that has
     *     not begun
     */
    CompletableFuture<Boolean> verify(PublicKey key, byte[] message, byte[] signature);

    /**
     * Ties a stream to the result of the exchange on it: the result fails when the stream cannot be opened, and when the result fails or is
     * cancelled, the stream is reset, opened or not. So a channel handler only completes the result.
     *
     * @param opening what {@link Connection#openStream} gave, or a completed one for a stream of the peer's
     * @param result of the exchange
     */
    static void tie(CompletableFuture<ProtocolStream> opening, CompletableFuture<?> result) {
        opening.whenComplete((stream, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((value, failure) -> {
            if (failure != null && !opening.cancel(false)) {
                opening.thenAccept(ProtocolStream::reset);
            }
        });
    }

    /**
     * Fails a result that is not there in time with a {@link ProtocolTimeoutException}, on the executor.
     *
     * @param protocol what is spoken, for the message
     * @param deadline from now on
     * @param result of an exchange
     */
    void expire(ProtocolId protocol, Duration deadline, CompletableFuture<?> result);
}
