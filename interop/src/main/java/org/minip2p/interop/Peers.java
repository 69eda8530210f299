package org.minip2p.interop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The peers that {@code interop/build-peers} builds; their command line is described in {@code interop/peers/README.md}. */
enum Peers {
    JS("js", "js-libp2p", "3.3.11", "npm"),
    JS2("js2", "js-libp2p", "2.10.0", "npm"),
    GO("go", "go-libp2p", "0.51.0", "go"),
    GO_OLDER("go-0.48", "go-libp2p", "0.48.0", "go"),
    RUST("rust", "rust-libp2p", "0.57.1", "cargo");

    /** Longer than the peers' own deadline for an operation, 30 s. */
    static final Duration OPERATION = Duration.ofSeconds(40);

    private static final Path BUILT = Path.of(System.getProperty("interop.peers", "target/peers"));

    private final String folder;
    private final String implementation;
    private final String version;
    private final String tool;

    Peers(String folder, String implementation, String version, String tool) {
        this.folder = folder;
        this.implementation = implementation;
        this.version = version;
        this.tool = tool;
    }

    private Path program() {
        return BUILT.resolve(folder).resolve("peer");
    }

    /** The folder of its source. */
    Path source() {
        return BUILT.resolve(folder).resolve("source");
    }

    boolean isJs() {
        return implementation.equals("js-libp2p");
    }

    boolean isGo() {
        return implementation.equals("go-libp2p");
    }

    boolean isRust() {
        return implementation.equals("rust-libp2p");
    }

    /** The beginning of the versions in its Identify and its node info. */
    String implementation() {
        return implementation;
    }

    /** The exact version that it is pinned to. */
    String version() {
        return version;
    }

    /** The peer with this name; the message of an error lists the known ones. */
    static Peers of(String name) {
        for (Peers peer : values()) {
            if (peer.folder.equals(name)) {
                return peer;
            }
        }
        throw new IllegalArgumentException(
                "no peer is named " + name + ", expected one of " + Arrays.toString(values()));
    }

    boolean isBuilt() {
        return Files.isExecutable(program());
    }

    /** One line that says why this peer is not built. */
    String whatIsMissing() {
        return hasTool()
                ? "the " + this + " peer is not built: run interop/build-peers " + folder
                : "the " + this + " peer is not built, and cannot be: " + tool + " is missing";
    }

    private boolean hasTool() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** Starts a listener; its first line is still to be read. */
    PeerProcess listen(String... options) {
        return listen(line -> {}, options);
    }

    /** The same; the observer receives each line at once. */
    PeerProcess listen(Consumer<JsonLine> observer, String... options) {
        List<String> arguments = new ArrayList<>(List.of("listen"));
        arguments.addAll(List.of(options));
        return PeerProcess.start(this + " listener", program(), arguments, observer);
    }

    /** Runs one operation against a listener to its end; returns its result, good or bad. */
    JsonLine dial(String address, String operation, String... options) {
        try (PeerProcess process = startDial(address, operation, options)) {
            return process.awaitResult(OPERATION);
        }
    }

    /** Runs a work with both ends in one process to its end; returns its result, good or bad. */
    JsonLine work(String... options) {
        try (PeerProcess process = startWork(options)) {
            return process.awaitResult(OPERATION);
        }
    }

    /** Starts a work with both ends in one process. */
    PeerProcess startWork(String... options) {
        List<String> arguments = new ArrayList<>(List.of("work"));
        arguments.addAll(List.of(options));
        return PeerProcess.start(this + " at work", program(), arguments);
    }

    /** Starts one operation against a listener. */
    PeerProcess startDial(String address, String operation, String... options) {
        List<String> arguments = new ArrayList<>(List.of("dial", address, operation));
        arguments.addAll(List.of(options));
        return PeerProcess.start(this + " dialer", program(), arguments);
    }

    @Override
    public String toString() {
        return folder;
    }
}
