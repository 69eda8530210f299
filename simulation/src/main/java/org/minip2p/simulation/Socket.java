package org.minip2p.simulation;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, as in a kernel, with its received and unread data and its limit on data in flight. Its owner is woken when it
 * can continue.
 */
final class Socket {
    /** The socket will not be cut. */
    private static final long NO_CUT = Long.MAX_VALUE;

    private static final int LEAST_CAPACITY = 512;
    private static final int MOST_CAPACITY = 256 << 10;

    private final Network network;
    private final World world;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Queue<byte[]> arrived = new ArrayDeque<>();
    private final int capacity;
    private @Nullable Socket peer;
    private @Nullable StreamSocketChannel owner;
    private int headOffset;

    /** Bytes sent to this end and not read yet. */
    private int pending;

    private long lastArrivalNanos;
    private long sentBytes;
    private long cutAtBytes = NO_CUT;
    private boolean isMute;

    /** Whether both ends notice the cut. */
    private boolean isCutTold = true;

    private boolean hasSentEnd;
    private boolean hasEnd;
    private boolean isReset;
    private boolean isClosed;
    private boolean isGone;
    private boolean wantsRoom;

    Socket(Network network, InetSocketAddress local, InetSocketAddress remote) {
        this.network = network;
        this.world = network.world();
        this.local = local;
        this.remote = remote;
        this.capacity = LEAST_CAPACITY << world.random().nextInt(10);
        assert capacity <= MOST_CAPACITY;
    }

    void connect(Socket far) {
        peer = far;
        far.peer = this;
    }

    /** Sets the channel that is woken. */
    void owner(StreamSocketChannel channel) {
        owner = channel;
    }

    InetSocketAddress local() {
        return local;
    }

    InetSocketAddress remote() {
        return remote;
    }

    private Socket far() {
        Socket far = peer;
        if (far == null) {
            throw new IllegalStateException("not connected: " + this);
        }
        return far;
    }

    /** Cuts the connection after this end has sent {@code bytes} more: the rest never arrives, and both ends are reset. */
    void cutAfter(long bytes) {
        cutAtBytes = Math.min(cutAtBytes, sentBytes + bytes);
    }

    /** Data from this end no longer arrives, and neither end notices. */
    void mute() {
        isMute = true;
    }

    /** The same, after this end has sent {@code bytes} more. */
    void muteAfter(long bytes) {
        cutAfter(bytes);
        isCutTold = false;
    }

    /**
     * Its process has died: nothing that it sends arrives any more, and it sees a reset.
     *
     * @param isDark whether its machine has disappeared, too; otherwise the machine resets the connection
     */
    void vanish(boolean isDark) {
        if (isClosed || peer == null) {
            return;
        }
        if (!isDark && !isMute) {
            arrive(far()::reset);
        }
        isMute = true;
        isGone = true;
        reset();
    }

    /** The number of bytes that may be sent now. If it is zero, the owner is woken when there is room again. */
    int room() {
        Socket far = far();
        int room = far.capacity - far.pending;
        if (isMute || far.isClosed) {
            room = far.capacity; // the kernel still accepts data that will not arrive
        }
        wantsRoom = room <= 0;
        return Math.max(0, room);
    }

    /** Whether this end has seen a reset. */
    boolean isReset() {
        return isReset;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Sends bytes, in segments of random size. */
    void send(byte[] bytes) {
        Socket far = far();
        int count = (int) Math.min(bytes.length, Math.max(0, cutAtBytes - sentBytes));
        sentBytes += bytes.length;
        if (isMute) {
            return;
        }
        int from = 0;
        while (from < count) {
            int left = count - from;
            int size = world.chance(0.7) ? left : 1 + world.random().nextInt(left);
            byte[] segment = Arrays.copyOfRange(bytes, from, from + size);
            from += size;
            far.pending += size;
            arrive(() -> far.take(segment));
        }
        if (count < bytes.length) {
            isMute = true;
            if (isCutTold) {
                arrive(far::reset);
                world.after(network.delay(), this::reset);
            }
        }
    }

    /** Sends the end of the data. */
    void sendEnd() {
        if (!hasSentEnd && !isMute) {
            hasSentEnd = true;
            Socket far = far();
            arrive(far::end);
        }
    }

    /** Delivers to the other end, after everything that was sent before. */
    private void arrive(Runnable arrival) {
        long at = Math.max(lastArrivalNanos, world.nowNanos() + network.delay());
        lastArrivalNanos = at;
        network.send(local.getAddress(), remote.getAddress(), at - world.nowNanos(), arrival);
    }

    private void take(byte[] segment) {
        if (isClosed || isGone) {
            pending -= segment.length;
            if (!network.isDark(local.getAddress())) {
                arrive(far()::reset); // no process owns this socket any more
            }
            return;
        }
        if (isReset) {
            return;
        }
        world.note(toString(), "got " + segment.length + " bytes " + Integer.toHexString(Trace.digest(segment)));
        arrived.add(segment);
        wakeReader();
    }

    private void end() {
        if (!isClosed && !hasEnd) {
            world.note(toString(), "got the end");
            hasEnd = true;
            wakeReader();
        }
    }

    private void reset() {
        if (!isClosed && !isReset) {
            world.note(toString(), "got a reset");
            isReset = true;
            arrived.clear();
            headOffset = 0;
            wakeReader();
        }
    }

    private void wakeReader() {
        if (owner != null) {
            owner.wakeReader();
        }
    }

    private void wakeWriter() {
        if (wantsRoom && owner != null) {
            wantsRoom = false;
            owner.wakeWriter();
        }
    }

    /** Whether a read would find something: bytes, the end, or a reset. */
    boolean isReadable() {
        return isReset || hasEnd || !arrived.isEmpty();
    }

    /** Whether everything has been read and the end was received. */
    boolean isAtEnd() {
        return hasEnd && arrived.isEmpty();
    }

    /** Reads as much as fits; returns the number of bytes. */
    int read(ByteBuf into) {
        int read = 0;
        while (into.isWritable() && !arrived.isEmpty()) {
            byte[] head = arrived.element();
            int count = Math.min(into.writableBytes(), head.length - headOffset);
            into.writeBytes(head, headOffset, count);
            headOffset += count;
            read += count;
            if (headOffset == head.length) {
                arrived.remove();
                headOffset = 0;
            }
        }
        if (read > 0) {
            pending -= read;
            Socket far = far();
            network.send(local.getAddress(), remote.getAddress(), network.delay(), far::wakeWriter);
        }
        return read;
    }

    /**
     * Closes this end.
     *
     * @param abruptly whether to reset the connection; unread data causes a reset as well
     */
    void close(boolean abruptly) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        owner = null;
        if (isMute || isReset || peer == null) {
            return;
        }
        if (abruptly || !arrived.isEmpty()) {
            arrive(far()::reset);
        } else {
            sendEnd();
        }
        arrived.clear();
    }

    @Override
    public String toString() {
        return local.getAddress().getHostAddress() + ":" + local.getPort() + "<"
                + remote.getAddress().getHostAddress() + ":" + remote.getPort();
    }
}
