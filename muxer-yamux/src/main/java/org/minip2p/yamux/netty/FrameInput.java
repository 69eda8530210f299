package org.minip2p.yamux.netty;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.FrameReader;
import org.minip2p.yamux.YamuxException;
import org.minip2p.yamux.YamuxHeader;

/**
 * The bytes of a connection on their way to the session: it cuts headers out of them, in any split of the input, and hands bodies to
 * their streams as they come, without copying (YMX-8, YMX-47). When the session does not want another frame, the rest waits here.
 *
 * <p>It owns the buffers that wait. Confined to the connection's event loop.
 */
final class FrameInput {
    private final YamuxHandler session;
    private final FrameReader frame = new FrameReader();

    /** The buffer that is read next; nearly always there is but this one. */
    private @Nullable ByteBuf next;

    /** What came behind it; made for the first that has to wait. */
    private @Nullable ArrayDeque<ByteBuf> waiting;

    /** Where the body of the current frame goes; null when it is skipped. */
    private @Nullable YamuxStreamChannel target;

    private boolean reading;

    FrameInput(YamuxHandler session) {
        this.session = session;
    }

    /** Whether this is being called from {@link #read}. */
    boolean isReading() {
        return reading;
    }

    boolean isEmpty() {
        return next == null;
    }

    boolean isBetweenFrames() {
        return !frame.isInBody() && !frame.isInHeader();
    }

    /** Where the bytes stop, for the message of an error. */
    String position() {
        return frame.isInBody() ? "inside a body" : frame.isInHeader() ? "inside a header" : "between frames";
    }

    /** Takes bytes over. */
    void add(ByteBuf bytes) {
        if (next == null) {
            next = bytes;
            return;
        }
        waiting().add(bytes);
    }

    private ArrayDeque<ByteBuf> waiting() {
        ArrayDeque<ByteBuf> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>();
            waiting = queue;
        }
        return queue;
    }

    private @Nullable ByteBuf poll() {
        ByteBuf first = next;
        next = waiting == null ? null : waiting.poll();
        return first;
    }

    private void putBack(ByteBuf bytes) {
        if (next != null) {
            waiting().addFirst(next);
        }
        next = bytes;
    }

    /**
     * Reads as many frames as there are and the session wants. A loop: calls from within do nothing.
     *
     * @throws YamuxException when the session has to end
     */
    void read() throws YamuxException {
        if (reading) {
            return;
        }
        reading = true;
        try {
            for (ByteBuf bytes; session.wantsFrame() && (bytes = poll()) != null; ) {
                read(bytes);
            }
        } finally {
            reading = false;
        }
    }

    /** Throws away what waits. */
    void clear() {
        target = null;
        for (ByteBuf bytes; (bytes = poll()) != null; ) {
            bytes.release();
        }
    }

    /** Releases the bytes, or puts them back when reading has to pause. */
    private void read(ByteBuf bytes) throws YamuxException {
        boolean owned = true;
        try {
            while (owned && bytes.isReadable()) {
                if (frame.isInBody()) {
                    owned = readBody(bytes);
                    endFrameAfterBody();
                } else if (!session.wantsFrame()) {
                    if (session.readsFrames()) {
                        putBack(bytes);
                        owned = false;
                    }
                    return;
                } else if (readHeader(bytes)) {
                    target = session.headerRead(frame);
                    endFrameAfterBody();
                }
            }
        } finally {
            if (owned) {
                bytes.release();
            }
        }
    }

    private boolean readHeader(ByteBuf bytes) throws YamuxException {
        if (!frame.isInHeader() && bytes.readableBytes() >= YamuxHeader.SIZE_BYTES) {
            frame.header(bytes.readInt(), bytes.readInt(), bytes.readInt());
            return true;
        }
        return frame.headerByte(bytes.readByte());
    }

    /** Passes on what there is of a body; returns false when the stream took the whole buffer over. */
    private boolean readBody(ByteBuf bytes) {
        int available = bytes.readableBytes();
        int length = (int) Math.min(frame.bodyRemaining(), available);
        frame.bodyRead(length);
        if (target == null) {
            bytes.skipBytes(length);
            return true;
        }
        int pinned = bytes.capacity();
        // The last bytes of a buffer that nobody else holds go as they are, which saves a slice.
        boolean whole = length == available && bytes.refCnt() == 1;
        target.receive(whole ? bytes : bytes.readRetainedSlice(length), pinned);
        session.bodyRead(length);
        return !whole;
    }

    private void endFrameAfterBody() {
        if (!frame.isInBody() && target != null) {
            YamuxStreamChannel ended = target;
            target = null;
            session.frameEnded(frame, ended);
        }
    }
}
