package org.minip2p.handshake;

import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.minip2p.core.Printable;

/** The outcome of a handshake as a Flight Recorder event, at the time when the application is told. */
@Name("org.minip2p.Handshake")
@Label("Handshake")
@Category("minip2p")
@Description("The outcome of a node-info handshake, when the application is told")
@StackTrace(false)
final class HandshakeOutcome extends Event {
    @Label("Connection Id")
    long connectionId;

    @Label("Peer")
    String peer = "";

    @Label("Outcome")
    @Description("completed, updated, refused (we do not accept the peer) or failed")
    String outcome = "";

    @Label("Reason")
    @Description("For refused and failed: the kind of the reason, and its text")
    String reason = "";

    @Label("Initiated By Us")
    @Description("Whether this side asked; false for an update")
    boolean initiatedByUs;

    @Label("Exchange")
    @Description("The duration of a completed exchange; 0 for others")
    @Timespan(Timespan.NANOSECONDS)
    long exchange;

    void commit(HandshakeEvent event) {
        if (!shouldCommit()) {
            return;
        }
        connectionId = event.connectionId();
        peer = event.peerId().toString();
        if (event instanceof HandshakeEvent.Completed completed) {
            initiatedByUs = completed.initiatedByUs();
            exchange = completed.duration().toNanos();
        } else if (event instanceof HandshakeEvent.Failed failed) {
            initiatedByUs = failed.initiatedByUs();
            reason = Printable.of(failed.reason().toString());
        }
        outcome = outcome(event);
        commit();
    }

    private static String outcome(HandshakeEvent event) {
        if (event instanceof HandshakeEvent.Failed failed) {
            return failed.reason().isPermanent() ? "refused" : "failed";
        }
        return event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
