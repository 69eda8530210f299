package org.minip2p.yamux.netty;

import org.minip2p.core.SessionClosedException;
import org.minip2p.yamux.YamuxException;

/**
 * What the turns of a session do.
 *
 * <p>Confined to the connection's event loop.
 */
final class SessionSteps implements Turn.Steps {
    private final SessionParts parts;
    private final SessionEnd end;

    /** Whether the connection no longer reads by itself, and would if it were not for {@link #stopReading}. */
    private boolean isReadingStopped;

    SessionSteps(SessionParts parts, SessionEnd end) {
        this.parts = parts;
        this.end = end;
    }

    @Override
    public boolean readFrames() {
        try {
            return parts.inbound().read();
        } catch (YamuxException fault) {
            end.fail(fault);
        } catch (SessionClosedException closed) {
            end.end(() -> closed);
        }
        return true;
    }

    @Override
    public boolean releaseStreams() {
        return parts.streams().release();
    }

    @Override
    public boolean openStream() {
        return end.mayOpen() && parts.opens().openNext();
    }

    @Override
    public int writeFrames(int maxBytes) {
        if (!end.mayWrite()) {
            return 0;
        }
        try {
            return parts.writer().write(maxBytes);
        } catch (Throwable e) {
            end.cutOff(e);
            return 0;
        }
    }

    @Override
    public boolean canWriteFrames() {
        return end.mayWrite() && parts.writer().canWrite();
    }

    @Override
    public boolean tellWritable() {
        return parts.context().tellWritable();
    }

    @Override
    public boolean leaveIfDrained() {
        return end.leaveIfDrained();
    }

    @Override
    public boolean askForInput() {
        boolean isWanted = parts.inbound().wantsInput();
        if (isWanted) {
            read(parts.wire());
        } else if (parts.inbound().isBlocked()) {
            stopReading(parts.wire());
        }
        return isWanted;
    }

    /** Asks for input; the connection reads by itself again if it did before. */
    private void read(Wire wire) {
        if (isReadingStopped) {
            isReadingStopped = false;
            wire.setAutoRead(true);
        }
        wire.read();
    }

    /**
     * Reads nothing more, not even the rest of this round. Not to ask for input is not enough: a socket of Netty's that reads by itself
     * goes on for as long as the option says so.
     */
    private void stopReading(Wire wire) {
        if (wire.isAutoRead()) {
            isReadingStopped = true;
            wire.setAutoRead(false);
        }
    }

    @Override
    public void broken(Throwable cause) {
        end.fail(cause);
    }
}
