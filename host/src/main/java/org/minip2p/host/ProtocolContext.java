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
 * Services for a protocol that keeps state per peer: a serial executor on which connections are added and removed, quotas of streams,
 * deadlines, and calls to the application. Ping, Identify and the node-info handshake use it. There is one for all protocols of a host,
 * {@link Host#protocolContext}.
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
 * <p>Thread-safe. As an executor it runs tasks one after the other on a thread of the host, on which the host also decides about peers: a
 * task must not block. {@link Host#connections} does not change while a task runs.
 */
public interface ProtocolContext extends Executor {
    /**
     * Is told of connections, on the context's executor, in the same task that added or removed them; it must not block. An exception is
     * logged.
     */
    interface ConnectionObserver {
        /**
         * A connection was added. None of its streams has been served yet, unless it existed before the observer.
         *
         * @param connection the connection
         * @param numEstablished the number of connections to this peer, including this one
         */
        void established(Connection connection, int numEstablished);

        /**
         * A connection that was passed to {@link #established} has ended.
         *
         * @param connection the connection
         * @param numEstablished how many connections to this peer are left
         * @param cause why
         */
        void closed(Connection connection, int numEstablished, CloseCause cause);
    }

    /**
     * Runs a task after all earlier ones.
     *
     * @throws RejectedExecutionException when the host has ended, and with it every connection
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the executor after a delay.
     *
     * @param delay zero or more
     * @param task the task
     * @return cancels the task; tasks that wait when the host ends never run
     * @throws RejectedExecutionException when the host has ended
     */
    ScheduledFuture<?> schedule(Duration delay, Runnable task);

    /** {@return whether the current thread runs a task of the executor} */
    boolean isCurrent();

    /**
     * Tells an observer of each connection once: of existing ones in one task, which is the current one when called on the executor, then
     * of new ones as they are added. Does nothing when the host has ended.
     *
     * @param observer the observer
     * @throws IllegalStateException when the observer is already registered
     */
    void observe(ConnectionObserver observer);

    /**
     * Removes an observer. When called on the executor, this also stops a notification in progress.
     *
     * @param observer the observer
     */
    void stopObserving(ConnectionObserver observer);

    /**
     * Runs a task of the application on its executor, in order with the events of this peer. A protocol must bound the tasks that a peer
     * can cause: see {@link #isBehind}. If a task does not return within {@link HostConfig#LISTENER_TIMEOUT}, the connections of the peer
     * are closed; a bounded number of later tasks waits until it returns.
     *
     * @param peer the peer
     * @param task the task
     */
    default void tell(PeerId peer, Runnable task) {
        tell(peer, 0, task);
    }

    /**
     * The same for a task that keeps much of the peer's data.
     *
     * @param peer the peer
     * @param bytes how many bytes it keeps until it has run, zero or more; they count as held by the host
     * @param task the task
     * @throws IllegalArgumentException when that is negative
     */
    void tell(PeerId peer, int bytes, Runnable task);

    /**
     * {@return whether too many tasks wait for this peer, or too many bytes for all peers, so that a protocol should accept nothing from it
     * that adds to them} New connections of a peer that is behind are refused. Any thread.
     *
     * @param peer the peer
     */
    boolean isBehind(PeerId peer);

    /**
     * {@return a handler that limits the streams of each peer, and resets the others} It forgets a peer after its last connection and
     * stream.
     *
     * @param quota the limit
     * @param handler gets the streams within the limit
     */
    StreamHandler limited(StreamQuota quota, StreamHandler handler);

    /**
     * Checks a signature of a connected peer. Ed25519 is fast and checked at once. Other keys, some of which take milliseconds, are checked
     * on a few threads of the host, one at a time for each peer. The caller must first compare the key with the expected signer's.
     *
     * @param key the peer's
     * @param message the signed bytes; not to be changed
     * @param signature as {@link PublicKey#verify} takes it
     * @return whether it is valid, completed on this thread or on one of the host's; fails with {@link RejectedExecutionException} when the
     *     peer has had 30 such signatures checked in 10 s, has 8 waiting, or has no connection, or when the host has ended. Cancelling
     *     removes a check that has not begun
     */
    CompletableFuture<Boolean> verify(PublicKey key, byte[] message, byte[] signature);

    /**
     * Ties a stream to the result of the exchange on it: the result fails when the stream cannot be opened, and when the result fails or is
     * cancelled, the stream is reset, opened or not. So a channel handler only has to complete the result.
     *
     * @param opening the result of {@link Connection#openStream}, or a completed future for a stream that the peer opened
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
     * Fails a result that does not complete in time with a {@link ProtocolTimeoutException}, on the executor.
     *
     * @param protocol the protocol, for the message
     * @param deadline from now on
     * @param result of an exchange
     */
    void expire(ProtocolId protocol, Duration deadline, CompletableFuture<?> result);
}
