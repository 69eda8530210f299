package org.minip2p.host.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostObservation.DialEnded;

/** One dial with all of its sockets. */
@Name("org.minip2p.Dial")
@Label("Dial")
@Category("minip2p")
@Description("A dial with all of its sockets, from its start to its end")
@StackTrace(false)
final class DialEvent extends Event implements Recorder.Dial {
    @Label("Peer")
    @Description("The dialed peer; empty for any peer")
    String peer = "";

    @Label("Outcome")
    String outcome = "";

    @Label("Fault")
    String fault = "";

    @Label("Error")
    String error = "";

    @Label("Sockets")
    int sockets;

    @Override
    public void ended(DialEnded dial, @Nullable PeerId dialed, @Nullable Throwable cause) {
        end();
        if (shouldCommit()) {
            peer = dialed == null ? "" : dialed.toString();
            outcome = EventText.word(dial.outcome());
            fault = EventText.word(dial.fault());
            error = EventText.error(cause);
            sockets = dial.sockets();
            commit();
        }
    }
}
