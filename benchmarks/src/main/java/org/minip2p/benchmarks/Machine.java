package org.minip2p.benchmarks;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** Describes the kind of machine and the versions for the page, without identifying the machine. */
final class Machine {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Duration WAIT = Duration.ofSeconds(30);

    private Machine() {}

    /**
     * One line for each relevant property.
     *
     * @param root the repository
     * @param built the folder of the built peers
     */
    static List<String> lines(Path root, Path built, List<Variant> variants) throws IOException {
        List<String> lines = new ArrayList<>();
        commit(root).ifPresent(commit -> lines.add("minip2p at commit " + commit));
        lines.add("CPU: " + cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        lines.add("System: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        for (Variant variant : variants) {
            lines.add(variant.title() + ": " + firstLine(List.of(variant.java().toString(), "-version")));
        }
        lines.add("Netty " + netty() + ", Conscrypt " + conscrypt());
        Path peers = root.resolve("interop/peers");
        lines.add("js-libp2p " + version(peers.resolve("js/package.json"), "\"libp2p\": *\"([^\"]+)\"") + " on Node "
                + firstLine(List.of("node", "--version")) + ", go-libp2p "
                + version(peers.resolve("go/go.mod"), "libp2p/go-libp2p v([0-9.]+)") + ", rust-libp2p "
                + version(peers.resolve("rust/Cargo.toml"), "(?m)^libp2p = .*?\"=?([0-9.]+)\""));
        Path jvm = built.resolve("jvm/version");
        if (Files.exists(jvm) && Files.size(jvm) > 0) {
            lines.add("jvm-libp2p " + Files.readString(jvm).strip());
        }
        return lines;
    }

    /** The commit that is checked out, unless this is not a clone. */
    private static Optional<String> commit(Path root) throws IOException {
        String commit = firstLine(List.of("git", "-C", root.toString(), "rev-parse", "--short", "HEAD"));
        return commit.matches("[0-9a-f]+") ? Optional.of(commit) : Optional.empty();
    }

    private static String netty() {
        return Version.identify().values().stream()
                .filter(version -> version.artifactId().equals("netty-transport"))
                .map(Version::artifactVersion)
                .findFirst()
                .orElse("unknown");
    }

    /** Taken from the name of its jar, since Conscrypt does not report its version. */
    private static String conscrypt() {
        Matcher jar = Pattern.compile("conscrypt-openjdk-uber-([0-9.]+)\\.jar")
                .matcher(System.getProperty("java.class.path"));
        return jar.find() ? jar.group(1) : "missing";
    }

    /** The first line that a command prints, on stdout or stderr. */
    private static String firstLine(List<String> command) {
        try (ChildProcess<String> process = ChildProcess.start(command.get(0), command, Stderr.MERGE)) {
            return process.nextLine(WAIT).orElse("unknown");
        } catch (IOException e) {
            return "missing";
        }
    }

    private static String version(Path file, String pattern) throws IOException {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String cpu() throws IOException {
        if (!Files.isReadable(CPU)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPU)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
