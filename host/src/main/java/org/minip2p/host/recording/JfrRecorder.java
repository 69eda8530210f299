package org.minip2p.host.recording;

import org.jspecify.annotations.Nullable;

/**
 * Events of the JVM's Flight Recorder.
 *
 * <p>To check whether a kind of event is recorded, one instance of it is asked, which is never committed. The recorder answers through a
 * field that it adds to that class or, before the first recording, a method that returns false.
 */
final class JfrRecorder implements Recorder {
    private final DialEvent dials = new DialEvent();
    private final StageEvent stages = new StageEvent();
    private final ConnectionEvent connections = new ConnectionEvent();
    private final StreamEvent streams = new StreamEvent();

    @Override
    public @Nullable Dial dial() {
        if (!dials.isEnabled()) {
            return null;
        }
        DialEvent event = new DialEvent();
        event.begin();
        return event;
    }

    @Override
    public @Nullable Stage stage() {
        if (!stages.isEnabled()) {
            return null;
        }
        StageEvent event = new StageEvent();
        event.begin();
        return event;
    }

    @Override
    public @Nullable Connection connection() {
        if (!connections.isEnabled()) {
            return null;
        }
        ConnectionEvent event = new ConnectionEvent();
        event.begin();
        return event;
    }

    @Override
    public @Nullable Stream stream() {
        if (!streams.isEnabled()) {
            return null;
        }
        StreamEvent event = new StreamEvent();
        event.begin();
        return event;
    }

    @Override
    public boolean isRecordingSockets() {
        return stages.isEnabled() || connections.isEnabled();
    }
}
