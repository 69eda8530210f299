package org.minip2p.host.observing;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostObservation.DialEnded;
import org.minip2p.host.HostObservation.DialOutcome;
import org.minip2p.host.recording.Recorder;

/** Measures one dial with all of its sockets. Confined to the host's peer executor. */
public final class DialMeter {
    private final HostMeter host;
    private final @Nullable PeerId peer;
    private final Recorder.@Nullable Dial recorded;
    private final long startNanos;

    DialMeter(HostMeter host, @Nullable PeerId peer, Recorder.@Nullable Dial recorded) {
        this.host = host;
        this.peer = peer;
        this.recorded = recorded;
        this.startNanos = host.now();
    }

    /**
     * It has ended.
     *
     * @param outcome how it ended
     * @param cause why it failed, if it did and the reason is known
     * @param sockets the number of sockets that it opened
     */
    public void ended(DialOutcome outcome, @Nullable Throwable cause, int sockets) {
        DialEnded ended =
                new DialEnded(outcome, cause == null ? null : SocketFaults.of(cause), sockets, host.since(startNanos));
        host.tell(ended);
        if (recorded != null) {
            recorded.ended(ended, peer, cause);
        }
    }
}
