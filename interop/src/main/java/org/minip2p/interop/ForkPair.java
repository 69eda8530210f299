package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.host.CloseCause;

/** Records what happens between one node of ours and one of theirs. Thread-safe. */
final class ForkPair {
    /** A peer's report of a close and the close that we see are no further apart than this. */
    private static final long SAME_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record OurClose(long connectionId, CloseCause cause, long nanos) {}

    private record TheirClose(String why, long nanos) {}

    private final ForkPlan.Round round;
    private final LongSupplier clock;

    // All guarded by this.
    private final List<String> weTold = new ArrayList<>();
    private final List<String> theyTold = new ArrayList<>();
    private final List<OurClose> ourCloses = new ArrayList<>();
    private final List<TheirClose> theirCloses = new ArrayList<>();
    private final Map<Long, String> permanent = new HashMap<>();
    private int established;
    private int open;
    private int completions;
    private int mostCompletions;
    private boolean theyCompleted;
    private boolean heldBefore;
    private boolean dialedAgain;
    private @Nullable Long asked;

    /**
     * Creates an empty record.
     *
     * @param clock the clock, in nanoseconds
     */
    ForkPair(ForkPlan.Round round, LongSupplier clock) {
        this.round = round;
        this.clock = clock;
    }

    ForkPlan.Round round() {
        return round;
    }

    synchronized void established() {
        established++;
        open++;
    }

    synchronized void closed(long connectionId, CloseCause cause) {
        ourCloses.add(new OurClose(connectionId, cause, clock.getAsLong()));
        open--;
        if (open == 0) {
            completions = 0;
        }
    }

    /** Records an event of our handshake. */
    synchronized void told(HandshakeEvent event) {
        if (event instanceof HandshakeEvent.Completed) {
            completions++;
            mostCompletions = Math.max(mostCompletions, completions);
        } else if (event instanceof HandshakeEvent.Failed failed) {
            String reason = nameOf(failed.reason());
            weTold.add(reason);
            if (failed.reason().isPermanent()) {
                permanent.put(failed.connectionId(), reason);
            }
        }
    }

    /** Records a line of the peer. */
    synchronized void told(JsonLine line) {
        if (line.isEvent("handshake")) {
            if (line.ok()) {
                theyCompleted = true;
            } else {
                theyTold.add(why(line));
            }
        } else if (line.isEvent("closing")) {
            theirCloses.add(new TheirClose(why(line), clock.getAsLong()));
        }
    }

    private static String why(JsonLine line) {
        return line.members().get("reason") instanceof String reason ? reason : line.text("error");
    }

    /** Records that we ask again now. */
    synchronized void asked() {
        asked = clock.getAsLong();
        heldBefore = open > 0;
    }

    /** Whether there is no connection; then it records that both sides will dial once more. */
    synchronized boolean isLost() {
        dialedAgain = open == 0;
        return dialedAgain;
    }

    /** Whether the handshake has succeeded on both sides. */
    synchronized boolean isThrough() {
        return mostCompletions > 0 && theyCompleted;
    }

    /** Whether a connection is open. */
    synchronized boolean isOpen() {
        return open > 0;
    }

    /** The outcome, with the numbers of connections that each side has now. */
    synchronized ForkOutcome outcome(int ourConnections, int theirConnections) {
        Long ask = asked;
        long lastClose = ourCloses.stream().mapToLong(OurClose::nanos).max().orElse(0);
        Duration gone = ask == null || !heldBefore || open > 0 ? null : Duration.ofNanos(lastClose - ask);
        return new ForkOutcome(
                round,
                established,
                mostCompletions,
                mostCompletions > 0,
                theyCompleted,
                weTold,
                theyTold,
                ourCloses.stream().map(this::close).toList(),
                heldBefore,
                dialedAgain,
                ourConnections,
                theirConnections,
                gone);
    }

    /**
     * Who closed a connection, and why: by our handshake if it closed the connection, by the peer's announcement if the peer did, and
     * otherwise by our host.
     */
    private ForkOutcome.Close close(OurClose close) {
        boolean afterAsk = asked != null && close.nanos() > asked;
        boolean byThem = switch (close.cause().reason()) {
            case REMOTE, ERROR -> true;
            case LOCAL, ABORTED, IDLE, SUPERSEDED, TRIMMED, LISTENER_STUCK, HOST_CLOSED -> false;
        };
        String cause = text(close.cause());
        if (!byThem) {
            return new ForkOutcome.Close(true, permanent.getOrDefault(close.connectionId(), cause), afterAsk);
        }
        String why = theirCloses.stream()
                .filter(their -> Math.abs(their.nanos() - close.nanos()) < SAME_CLOSE_NANOS)
                .min(Comparator.comparingLong(their -> Math.abs(their.nanos() - close.nanos())))
                .map(TheirClose::why)
                .orElse(cause);
        return new ForkOutcome.Close(false, why, afterAsk);
    }

    private static String text(CloseCause cause) {
        Throwable error = cause.error();
        String reason = cause.reason().toString().toLowerCase(Locale.ROOT);
        return error == null
                ? reason
                : reason + ": " + Objects.requireNonNullElse(error.getMessage(), error.toString());
    }

    /** The reason as the peers write it, such as {@code network-mismatch}. */
    static String nameOf(FailureReason reason) {
        return reason.getClass()
                .getSimpleName()
                .replaceAll("(?<=.)(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
