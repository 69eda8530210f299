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
            parts.wire().read();
        } else if (parts.inbound().isBlocked()) {
            parts.wire().stopReading();
        }
        return isWanted;
    }

    @Override
    public void broken(Throwable cause) {
        end.fail(cause);
    }
}
