package org.minip2p.yamux;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.minip2p.core.Role;
import org.minip2p.core.StreamIdsExhaustedException;

/** A session with the stream table that its shell normally keeps, and a clock that the test advances. */
final class SessionFixture {
    final YamuxSession session;
    final FrameReader frame = new FrameReader();
    final Map<Long, YamuxStream> streams = new HashMap<>();
    long nowNanos = 1_000_000_000L;

    SessionFixture(Role role) {
        this(role, YamuxConfig.defaults());
    }

    SessionFixture(Role role, YamuxConfig config) {
        session = new YamuxSession(role, config, MemoryBudget.UNLIMITED);
    }

    YamuxStream open() {
        try {
            YamuxStream stream = session.open(nowNanos);
            streams.put(stream.id(), stream);
            return stream;
        } catch (StreamIdsExhaustedException e) {
            throw new AssertionError(e);
        }
    }

    /** Receives a header and, if the frame has one, its whole body. */
    FrameOutcome receive(FrameType type, int flags, long id, long length) throws YamuxException {
        frame.header(YamuxHeader.firstWord(type, flags), (int) id, (int) length);
        YamuxStream known = streams.get(id);
        FrameOutcome outcome =
                session.receive(frame, known == null || known.state().isOver() ? null : known, nowNanos);
        if (outcome == FrameOutcome.OPENED) {
            streams.put(id, session.opened());
        }
        frame.bodyRead(frame.bodyRemaining());
        switch (outcome) {
            case OPENED, DATA, CREDIT, ACK, FIN -> session.endOfFrame(frame, stream(id));
            case DROPPED, REFUSED, STREAM_ERROR, RESET_BY_PEER, PING, PONG, GO_AWAY -> {}
        }
        return outcome;
    }

    FrameOutcome data(int flags, long id, long length) throws YamuxException {
        return receive(FrameType.DATA, flags, id, length);
    }

    FrameOutcome windowUpdate(int flags, long id, long credit) throws YamuxException {
        return receive(FrameType.WINDOW_UPDATE, flags, id, credit);
    }

    FrameOutcome ping(int flags, long id, long value) throws YamuxException {
        return receive(FrameType.PING, flags, id, value);
    }

    YamuxStream stream(long id) {
        return Objects.requireNonNull(streams.get(id), "no stream " + id);
    }

    void seconds(long seconds) {
        nowNanos += seconds * 1_000_000_000L;
    }
}
