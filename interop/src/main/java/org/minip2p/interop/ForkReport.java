package org.minip2p.interop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The outcomes of a run of fork rounds, as tables and as one JSON object. Confined to one thread. */
final class ForkReport {
    private static final JsonFactory JSON = new JsonFactory();

    private final ForkRunOptions options;
    private final List<ForkRow> rows = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    ForkReport(ForkRunOptions options) {
        this.options = options;
    }

    /**
     * Adds the outcomes of the rounds with one peer.
     *
     * @param outcomes the outcomes of all phases
     */
    void add(Peers peer, List<ForkOutcome> outcomes) {
        for (ForkPhase phase : ForkPhase.values()) {
            rows.add(ForkRow.of(peer, phase, outcomes));
            if (phase == ForkPhase.INSIDE) {
                long seconds = options.skew().toSeconds();
                for (int i = 0; i < seconds; i++) {
                    ForkRow row = ForkRow.of(peer, phase, i, outcomes);
                    if (row.rounds() > 0) {
                        rows.add(row);
                    }
                }
            }
        }
        if (options.ownNetworkOnly()) {
            return; // such a run shows what is lost then
        }
        boolean isStrict = ForkNodes.isStrict(peer);
        outcomes.forEach(outcome -> {
            String fault = outcome.fault(isStrict);
            if (fault != null) {
                faults.add(peer + " " + fault);
            }
        });
    }

    /** Adds a failure that prevented the rounds with a peer. */
    void fail(Peers peer, Throwable error) {
        faults.add(peer + ": the rounds were not made: " + error);
    }

    /** Adds a line for a peer without rounds. */
    void skip(String whatIsMissing) {
        skipped.add(whatIsMissing);
    }

    List<String> faults() {
        return faults;
    }

    /** Two tables for people: who is connected, and what was reported and closed. */
    String markdown() {
        StringJoiner text = new StringJoiner("\n");
        text.add("| peer | dials | clocks apart | rounds | two connections | held at the window's end | dialed again "
                + "| connected at the end | connected on neither side |");
        text.add("|---".repeat(9) + "|");
        for (ForkRow row : rows) {
            StringJoiner cells = begin(row);
            cells.add(Integer.toString(row.rounds())).add(Integer.toString(row.twice()));
            cells.add(row.phase() == ForkPhase.AFTER ? "" : Integer.toString(row.held()));
            cells.add(row.phase() == ForkPhase.INSIDE ? Integer.toString(row.again()) : "");
            cells.add(Integer.toString(row.connected())).add(Integer.toString(row.apart()));
            text.add(cells.toString());
        }
        text.add("")
                .add("| peer | dials | clocks apart | we reported | they reported | closed by us | closed by them "
                        + "| from our repeated handshake to the last close, p50 and max |");
        text.add("|---".repeat(8) + "|");
        for (ForkRow row : rows) {
            StringJoiner cells = begin(row);
            cells.add(text(row.weTold())).add(text(row.theyTold()));
            cells.add(text(row.closedByUs())).add(text(row.closedByThem()));
            cells.add(row.goneMax().isZero() ? "" : millis(row.goneP50()) + ", " + millis(row.goneMax()));
            text.add(cells.toString());
        }
        return text.toString();
    }

    private static StringJoiner begin(ForkRow row) {
        return new StringJoiner(" | ", "| ", " |")
                .add(row.peer().toString())
                .add(row.phase().toString())
                .add(row.skew());
    }

    private static String text(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining("; "));
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    /** Everything as one line of JSON. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("rounds", options.rounds());
            json.writeNumberField("windowSeconds", options.window().toSeconds());
            json.writeNumberField("skewSeconds", options.skew().toSeconds());
            json.writeNumberField("seed", options.seed());
            json.writeBooleanField("ownNetworkOnly", options.ownNetworkOnly());
            json.writeArrayFieldStart("rows");
            for (ForkRow row : rows) {
                write(json, row);
            }
            json.writeEndArray();
            write(json, "skipped", skipped);
            write(json, "faults", faults);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, ForkRow row) throws IOException {
        json.writeStartObject();
        json.writeStringField("peer", row.peer().toString());
        json.writeStringField("dials", row.phase().toString());
        if (!row.skew().isEmpty()) {
            json.writeStringField("clocksApart", row.skew());
        }
        json.writeNumberField("rounds", row.rounds());
        json.writeNumberField("twoConnections", row.twice());
        json.writeNumberField("heldAtWindowEnd", row.held());
        json.writeNumberField("dialedAgain", row.again());
        json.writeNumberField("connected", row.connected());
        json.writeNumberField("connectedOnNeitherSide", row.apart());
        write(json, "weTold", row.weTold());
        write(json, "theyTold", row.theyTold());
        write(json, "closedByUs", row.closedByUs());
        write(json, "closedByThem", row.closedByThem());
        json.writeNumberField("askToLastCloseMillisP50", row.goneP50().toMillis());
        json.writeNumberField("askToLastCloseMillisMax", row.goneMax().toMillis());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Map<String, Integer> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
