package org.minip2p.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The expressions of the dashboards that go-libp2p publishes with its source, sorted by what our page on metrics says
 * about the names in them.
 *
 * @param here the expressions whose names are all available here, as "same" or "ours differs"
 * @param notHere the expressions with at least one name that is not available here
 * @param unlisted the names that the page does not list
 */
record GoDashboards(List<String> here, List<String> notHere, Set<String> unlisted) {
    private static final String MODULE = "github.com/libp2p/go-libp2p";
    private static final List<String> FILES = List.of(
            "dashboards/swarm/swarm.json",
            "dashboards/identify/identify.json",
            "dashboards/resource-manager/resource-manager.json");
    private static final Pattern HEAD = Pattern.compile("\\| name `(libp2p_\\w+_)…`.*");
    private static final Pattern ROW = Pattern.compile("\\| (`.*?) \\|.*\\| (same|ours differs|not here) \\|.*");
    private static final Pattern NAME = Pattern.compile("libp2p_\\w+");

    GoDashboards {
        here = List.copyOf(here);
        notHere = List.copyOf(notHere);
        unlisted = Set.copyOf(unlisted);
    }

    /**
     * Reads the dashboards of the version that the Go peer is built with. Skips the test if Go has no source of that
     * version.
     *
     * @param page our page on metrics
     */
    static GoDashboards read(String page) throws IOException, InterruptedException {
        Path source = source();
        Map<String, Boolean> listed = listed(page);
        Set<String> here = new LinkedHashSet<>();
        Set<String> notHere = new LinkedHashSet<>();
        Set<String> unlisted = new LinkedHashSet<>();
        for (String file : FILES) {
            for (String expression : expressions(JSON.std.anyFrom(Files.readString(source.resolve(file))))) {
                boolean isHere = true;
                for (Matcher name = NAME.matcher(expression); name.find(); ) {
                    Boolean known = listed.get(name.group());
                    if (known == null) {
                        known = listed.get(name.group().replaceAll("_(bucket|count|sum)$", ""));
                    }
                    if (known == null) {
                        unlisted.add(name.group());
                    }
                    isHere &= Boolean.TRUE.equals(known);
                }
                (isHere ? here : notHere).add(expression);
            }
        }
        return new GoDashboards(List.copyOf(here), List.copyOf(notHere), unlisted);
    }

    private static Path source() throws IOException, InterruptedException {
        Process list = new ProcessBuilder("go", "list", "-m", "-f", "{{.Dir}}", MODULE)
                .directory(Peers.GO.source().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String folder = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!list.waitFor(30, TimeUnit.SECONDS)) {
            list.destroyForcibly();
        }
        Path source = Path.of(folder);
        if (folder.isEmpty() || !Files.isReadable(source.resolve(FILES.get(0)))) {
            abort("no source of go-libp2p here: run interop/build-peers go");
        }
        return source;
    }

    /** The names on the page, and whether each is available here. */
    private static Map<String, Boolean> listed(String page) {
        Map<String, Boolean> names = new HashMap<>();
        String prefix = "";
        for (String line : page.lines().toList()) {
            Matcher head = HEAD.matcher(line);
            Matcher row = ROW.matcher(line);
            if (head.matches()) {
                prefix = head.group(1);
            } else if (row.matches()) {
                for (Matcher name = Pattern.compile("`(\\w+)`").matcher(row.group(1)); name.find(); ) {
                    names.put(prefix + name.group(1), !row.group(2).equals("not here"));
                }
            }
        }
        return names;
    }

    /** The values of all {@code expr} members anywhere in the JSON. */
    private static List<String> expressions(@Nullable Object json) {
        List<String> found = new ArrayList<>();
        if (json instanceof Map<?, ?> object) {
            if (object.get("expr") instanceof String expression) {
                found.add(expression.strip());
            }
            object.values().forEach(value -> found.addAll(expressions(value)));
        } else if (json instanceof List<?> array) {
            array.forEach(value -> found.addAll(expressions(value)));
        }
        return found;
    }
}
