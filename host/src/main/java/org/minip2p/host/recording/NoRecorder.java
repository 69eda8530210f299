package org.minip2p.host.recording;

import org.jspecify.annotations.Nullable;

/** Records nothing: the runtime image has no Flight Recorder. */
enum NoRecorder implements Recorder {
    INSTANCE;

    @Override
    public @Nullable Dial dial() {
        return null;
    }

    @Override
    public @Nullable Stage stage() {
        return null;
    }

    @Override
    public @Nullable Connection connection() {
        return null;
    }

    @Override
    public @Nullable Stream stream() {
        return null;
    }

    @Override
    public boolean isRecordingSockets() {
        return false;
    }
}
