package org.minip2p.host.compatibility;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.minip2p.host.PeerEnd;

/** Writes the measured rows for the table in {@code docs/compatibility.md} to {@code target/compatibility.md}. */
final class ResultTable {
    private static final Path FILE = Path.of("target", "compatibility.md");

    private ResultTable() {}

    static synchronized void add(String name, PeerEnd peerEnd, int channels, List<String> results) throws IOException {
        String row = String.format("| %s | `%s` | %,d | %s |%n", name, peerEnd, channels, String.join(" | ", results));
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, row, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
