package peer;

import io.libp2p.core.Host;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The lines that are printed: JSON objects. */
final class Lines {
    private Lines() {}

    static String listening(Host host) {
        String addresses = host.listenAddresses().stream()
                .map(address -> quoted(address.toString()))
                .collect(Collectors.joining(","));
        return "{\"event\":\"listening\",\"peerId\":" + quoted(host.getPeerId().toBase58()) + ",\"addresses\":[" + addresses + "]}";
    }

    static String work(String kind, List<Double> rounds) {
        String unit = kind.equals("ping-pong") ? "µs" : kind.equals("bulk") ? "MiB/s" : "1/s";
        double median = rounds.stream().sorted().toList().get(rounds.size() / 2);
        return "{\"ok\":true,\"kind\":" + quoted(kind) + ",\"unit\":" + quoted(unit) + ",\"median\":" + median + ",\"rounds\":" + rounds
                + "}";
    }

    static String perf(double uploadMibPerSecond, double downloadMibPerSecond) {
        return "{\"ok\":true,\"uploadMibPerSecond\":" + uploadMibPerSecond + ",\"downloadMibPerSecond\":" + downloadMibPerSecond + "}";
    }

    static String failed(Throwable failure) {
        String reason = failure instanceof TimeoutException
                ? ",\"reason\":\"timeout\""
                : failure instanceof Options.UnknownKind ? ",\"reason\":\"unknown-kind\"" : "";
        String error = failure instanceof Options.UnknownKind ? failure.getMessage() : failure.toString();
        return "{\"ok\":false,\"error\":" + quoted(error) + reason + "}";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
