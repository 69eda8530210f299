package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the simulated network. It reads, half-closes, closes and fails like Netty's NIO channels, and fires events in the same order,
 * so handlers in its pipeline cannot tell the difference.
 */
final class StreamSocketChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final Machine machine;
    private final SocketConfig config;
    private final SocketInput input = new SocketInput(this);
    private @Nullable Socket socket;
    private @Nullable ChannelPromise connecting;
    private boolean isConnected;
    private boolean isClosed;
    private boolean isOutputShutdown;
    private boolean isFull;

    /** Creates a channel that will connect. */
    StreamSocketChannel(Machine machine) {
        super(null, new SequenceId(machine.nextChannel()));
        this.machine = machine;
        this.config = new SocketConfig(this, machine.buffers());
    }

    /** Creates the channel of an accepted connection. */
    StreamSocketChannel(Channel listener, Machine machine, Socket socket) {
        super(listener, new SequenceId(machine.nextChannel()));
        this.machine = machine;
        this.config = new SocketConfig(this, machine.buffers());
        this.socket = socket;
        this.isConnected = true;
        socket.owner(this);
    }

    /** Its end of the connection; null while there is none. */
    @Nullable Socket socket() {
        return socket;
    }

    @Override
    protected ChannelId newId() {
        throw new IllegalStateException("it comes by the constructor");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new SocketUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof Loop;
    }

    @Override
    public SocketConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public boolean isActive() {
        return isConnected && !isClosed;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return socket == null ? null : socket.local();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return socket == null ? null : socket.remote();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        machine.opened(this);
        promise.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a socket has the address that the network gives it");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        isClosed = true;
        input.shutdown();
        isOutputShutdown = true;
        Socket closing = socket;
        if (closing != null) {
            closing.close(config.resetsWhenClosed());
        }
        ChannelPromise promise = connecting;
        if (promise != null) {
            connecting = null;
            promise.tryFailure(new ClosedChannelException());
        }
        machine.closed(this);
    }

    @Override
    protected void doShutdownOutput() {
        isOutputShutdown = true;
        if (socket != null) {
            socket.sendEnd();
        }
    }

    // Reading

    @Override
    protected void doBeginRead() {
        input.want();
    }

    /** Schedules a read if data is available and wanted. */
    void wakeReader() {
        input.wake();
    }

    // Writing

    @Override
    protected void doWrite(ChannelOutboundBuffer buffers) throws Exception {
        Socket to = socket;
        if (to == null) {
            throw new ClosedChannelException();
        }
        while (buffers.current() instanceof ByteBuf next) {
            if (to.isReset()) {
                throw new SocketException("Broken pipe");
            }
            int length = next.readableBytes();
            if (length == 0) {
                buffers.remove();
                continue;
            }
            int room = to.room();
            if (room == 0) {
                isFull = true;
                return;
            }
            byte[] bytes = new byte[Math.min(room, length)];
            next.getBytes(next.readerIndex(), bytes);
            to.send(bytes);
            buffers.removeBytes(bytes.length);
        }
    }

    /** The peer has read: there may be room to write again. */
    void wakeWriter() {
        if (isFull && !isClosed) {
            eventLoop().execute(() -> {
                isFull = false;
                if (!isClosed) {
                    ((SocketUnsafe) unsafe()).flushAgain();
                }
            });
        }
    }

    // DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return input.isShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return input.isShutdown() && isOutputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inLoop(() -> {
            input.shutdown();
            promise.setSuccess();
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        inLoop(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inLoop(() -> {
            input.shutdown();
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        });
        return promise;
    }

    private void inLoop(Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
    }

    private final class SocketUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            if (connecting != null) {
                throw new ConnectionPendingException();
            }
            if (isConnected) {
                throw new AlreadyConnectedException();
            }
            connecting = promise;
            try {
                socket = machine.connect((InetSocketAddress) remote, failure -> connected(failure));
            } catch (IOException e) {
                connecting = null;
                promise.tryFailure(e);
                close(voidPromise());
                return;
            }
            socket.owner(StreamSocketChannel.this);
        }

        private void connected(@Nullable Exception failure) {
            if (!isClosed && isRegistered()) {
                eventLoop().execute(() -> told(failure));
            }
        }

        private void told(@Nullable Exception failure) {
            ChannelPromise promise = connecting;
            if (promise == null) {
                return; // closed meanwhile
            }
            connecting = null;
            if (failure != null) {
                promise.tryFailure(annotateConnectException(failure, remoteAddress0()));
                closeIfClosed();
                close(voidPromise());
                return;
            }
            isConnected = true;
            boolean wanted = promise.trySuccess();
            if (isActive()) {
                pipeline().fireChannelActive();
            }
            if (!wanted) {
                close(voidPromise());
            }
        }

        @Override
        protected void flush0() {
            if (!isFull) {
                super.flush0();
            }
        }

        void flushAgain() {
            super.flush0();
        }
    }
}
