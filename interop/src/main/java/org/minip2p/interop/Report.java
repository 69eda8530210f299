package org.minip2p.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The outcomes of a run as text: one JSON object for each cell, or tables. */
final class Report {
    private final Map<Cell, Outcome> outcomes;

    Report(Map<Cell, Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** One line: {@code ok} is null for a case that the peer cannot take part in. */
    static String json(Cell cell, Outcome outcome) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("peer", cell.peer().toString());
        members.put("role", cell.role().toString());
        members.put("case", cell.test().name());
        members.put("ok", outcome.kind() == Outcome.Kind.NOT_FOR_THIS_PEER ? null : outcome.kind() == Outcome.Kind.OK);
        members.put("detail", detail(outcome));
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String detail(Outcome outcome) {
        return switch (outcome.kind()) {
            case OK, FAILED -> outcome.detail();
            case NOT_FOR_THIS_PEER -> "not for this peer: " + outcome.detail();
            case PEERS_FAULT -> "the peer's own fault: " + outcome.detail();
        };
    }

    /** One line for people. */
    static String line(Cell cell, Outcome outcome) {
        String detail = detail(outcome);
        return outcome.kind() + " " + cell + " " + outcome.took().toMillis() + " ms"
                + (detail.isEmpty() ? "" : ": " + detail);
    }

    long count(Outcome.Kind kind) {
        return outcomes.values().stream()
                .filter(outcome -> outcome.kind() == kind)
                .count();
    }

    /** The number of outcomes of each kind. */
    String summary() {
        return outcomes.size() + " cells: " + count(Outcome.Kind.OK) + " ok, " + count(Outcome.Kind.PEERS_FAULT)
                + " failed through the peer's own fault, " + count(Outcome.Kind.FAILED) + " failed, "
                + count(Outcome.Kind.NOT_FOR_THIS_PEER) + " not applicable to their peer";
    }

    /** A table for each role, with notes and failures. */
    String markdown() {
        List<String> notes = new ArrayList<>();
        StringJoiner text = new StringJoiner("\n");
        text.add("### We dial the peer").add("").add(table(PeerRole.LISTENER, notes));
        text.add("").add("### The peer dials us").add("").add(table(PeerRole.DIALER, notes));
        if (!notes.isEmpty()) {
            text.add("");
            for (int i = 0; i < notes.size(); i++) {
                text.add((i + 1) + ". " + notes.get(i));
            }
        }
        outcomes.forEach((cell, outcome) -> {
            if (outcome.kind() == Outcome.Kind.FAILED) {
                text.add("").add(line(cell, outcome));
            }
        });
        return text.toString();
    }

    private String table(PeerRole role, List<String> notes) {
        Set<Peers> peers = new LinkedHashSet<>();
        Set<String> cases = new LinkedHashSet<>();
        outcomes.keySet().stream().filter(cell -> cell.role() == role).forEach(cell -> {
            peers.add(cell.peer());
            cases.add(cell.test().name());
        });
        StringJoiner text = new StringJoiner("\n");
        StringJoiner head = new StringJoiner(" | ", "| ", " |").add("case");
        peers.forEach(peer -> head.add(peer.toString()));
        text.add(head.toString()).add("|---" + "|---".repeat(peers.size()) + "|");
        for (String name : cases) {
            StringJoiner row = new StringJoiner(" | ", "| ", " |").add(name);
            peers.forEach(peer -> row.add(mark(role, peer, name, notes)));
            text.add(row.toString());
        }
        return text.toString();
    }

    private String mark(PeerRole role, Peers peer, String name, List<String> notes) {
        for (Map.Entry<Cell, Outcome> entry : outcomes.entrySet()) {
            Cell cell = entry.getKey();
            if (cell.role() == role && cell.peer() == peer && cell.test().name().equals(name)) {
                Outcome outcome = entry.getValue();
                return switch (outcome.kind()) {
                    case OK -> "ok";
                    case FAILED -> "**FAILED**";
                    case NOT_FOR_THIS_PEER -> "– (" + note(outcome.detail(), notes) + ")";
                    case PEERS_FAULT -> "their fault (" + note(outcome.detail(), notes) + ")";
                };
            }
        }
        return "";
    }

    private static int note(String text, List<String> notes) {
        if (!notes.contains(text)) {
            notes.add(text);
        }
        return notes.indexOf(text) + 1;
    }
}
