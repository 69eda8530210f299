package org.minip2p.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Opens and accepts sockets on event loops. It does not know the protocols on them: the caller's initializer builds the pipeline. A
 * host uses {@link TcpTransport}; tests that control sockets, time and order replace it.
 *
 * <p>Every channel allows half-closure: the end of the peer's bytes is an event, not the end of the channel.
 *
 * <p>Thread-safe.
 */
public interface Transport {
    /** {@return whether the current thread is one of the event loops} */
    boolean isEventLoop();

    /**
     * {@return a future that completes, on any thread, when someone else has shut down the event loops} It never completes after
     * {@link #shutdown}.
     */
    CompletableFuture<Void> lost();

    /**
     * Whether the event loops run, and can drive the sockets of this transport.
     *
     * @return fails with an {@link IllegalStateException} when they do not run, and with an {@link IllegalArgumentException} when they
     *     drive other sockets
     */
    CompletableFuture<Void> check();

    /**
     * Connects. The initializer is added before the socket is registered, so it sees {@code channelActive}.
     *
     * @param remote a resolved address
     * @param timeout how long the connect may take; zero for the transport's own limit
     * @param initializer builds the pipeline
     * @return the connect; its channel is available at once, so that a caller can cancel by closing it
     */
    ChannelFuture connect(InetSocketAddress remote, Duration timeout, ChannelHandler initializer);

    /**
     * Listens.
     *
     * @param local the address; port 0 takes any free port
     * @param acceptor sees each accepted {@link Channel} pass before it is registered: it can pause accepting
     * @param initializer builds the pipeline of each accepted socket
     * @return completes when it listens
     */
    ChannelFuture listen(InetSocketAddress local, ChannelHandler acceptor, ChannelHandler initializer);

    /**
     * Closes every socket that is still open, and ends the event loops if they are its own.
     *
     * @return completes when nothing of it is left
     */
    CompletableFuture<Void> shutdown();

    /**
     * Closes a channel.
     *
     * @param channel the channel
     * @return completes when it is closed, even if its event loop has ended and does not report it
     */
    static CompletableFuture<Void> close(Channel channel) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        ChannelFuture closing = channel.close();
        if (channel.isOpen() && !closing.isDone()) {
            closing.addListener(done -> closed.complete(null));
        } else {
            closed.complete(null);
        }
        return closed;
    }
}
