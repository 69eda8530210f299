package org.minip2p.simulation;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A listening socket of the simulated network. */
final class ListeningChannel extends AbstractServerChannel {
    private static final int BACKLOG = 128;

    private final Machine machine;
    private final SocketConfig config;
    private final Queue<Socket> waiting = new ArrayDeque<>();
    private @Nullable InetSocketAddress bound;
    private boolean isClosed;
    private boolean isReadWanted;
    private boolean isAccepting;

    ListeningChannel(Machine machine) {
        this.machine = machine;
        this.config = new SocketConfig(this, machine.buffers());
    }

    /** Accepts a new connection, unless too many are waiting. */
    boolean offer(Socket socket) {
        if (isClosed || waiting.size() == BACKLOG) {
            return false;
        }
        waiting.add(socket);
        wake();
        return true;
    }

    private void wake() {
        if (!isAccepting && isReadWanted && !waiting.isEmpty() && !isClosed) {
            isAccepting = true;
            eventLoop().execute(this::accept);
        }
    }

    private void accept() {
        isAccepting = false;
        if (isClosed || !isReadWanted) {
            return;
        }
        isReadWanted = false;
        int most = 1 + machine.world().random().nextInt(4);
        for (int i = 0; i < most && !waiting.isEmpty(); i++) {
            Socket socket = waiting.remove();
            pipeline().fireChannelRead(new StreamSocketChannel(this, machine, socket));
        }
        pipeline().fireChannelReadComplete();
        wake();
    }

    /** Closes as if its process had died. */
    void vanish() {
        doClose();
    }

    /** Called before the machine is known that would number it. All listening sockets have the same id; nothing depends on it. */
    @Override
    protected ChannelId newId() {
        return new SequenceId(-1);
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
        return bound != null && !isClosed;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof Loop;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return bound;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        machine.opened(this);
        promise.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress local) throws BindException {
        InetSocketAddress wanted = (InetSocketAddress) local;
        InetSocketAddress at = wanted.getPort() == 0 ? machine.network().free(wanted.getAddress()) : wanted;
        if (machine.isGone() || !machine.network().listen(at, this)) {
            throw new BindException("Address already in use: " + at);
        }
        bound = at;
    }

    @Override
    protected void doClose() {
        if (isClosed) {
            return; // another socket may listen there now
        }
        isClosed = true;
        if (bound != null) {
            machine.network().stopListening(bound);
        }
        waiting.forEach(each -> each.close(true));
        waiting.clear();
        machine.closed(this);
    }

    @Override
    protected void doBeginRead() {
        isReadWanted = true;
        wake();
    }
}
