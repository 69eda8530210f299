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

/** How a handshake went, for the flight recorder: an event at the moment at which the application is told. */
@Name("org.minip2p.Handshake")
@Label("Handshake")
@Category("minip2p")
@Description("How a node-info handshake went, at the moment at which the application is told")
@StackTrace(false)
final class HandshakeOutcome extends Event {
    @Label("Connection Id")
    long connectionId;

    @Label("Peer")
    String peer = "";

    @Label("Outcome")
    @Description("completed, updated, refused (the peer is not for us) or failed")
    String outcome = "";

    @Label("Reason")
    @Description("Of what was refused or failed: its kind, and what it says")
    String reason = "";

    @Label("Initiated By Us")
    @Description("Whether this side asked; false of an update")
    boolean initiatedByUs;

    @Label("Exchange")
    @Description("The time of a completed exchange; 0 of others")
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
