package org.minip2p.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of a part. Our processes that a part starts use the same Java, options and class path as this process, since these make up
 * the variant that is measured.
 *
 * @param quick whether to run only one short iteration, to see that everything works, instead of a full measurement for the page
 * @param peers the folder of the built peers, as {@code NAME/peer}
 */
record Settings(boolean quick, Path peers) {
    /** The settings of this JVM; {@code -Dinterop.peers=FOLDER} is the folder of the peers. */
    static Settings of(boolean quick) {
        return new Settings(quick, Path.of(System.getProperty("interop.peers", "interop/target/peers")));
    }

    /**
     * The command line of one of our processes, on the same Java.
     *
     * @param main the class to run
     * @param more additional options for Java, such as the heap size
     * @param arguments the program's own
     */
    static List<String> command(Class<?> main, List<String> more, List<String> arguments) {
        return command(Path.of(System.getProperty("java.home"), "bin", "java"), main, more, arguments);
    }

    /** The same, on another Java. */
    static List<String> command(Path java, Class<?> main, List<String> more, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        // The options that this JVM was started with, except agents.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
                .forEach(command::add);
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The program of a peer. */
    Path program(String peer) {
        return peers.resolve(peer).resolve("peer");
    }

    /** The command line of a peer. */
    List<String> command(String peer, List<String> arguments) {
        List<String> command = new ArrayList<>(arguments);
        command.add(0, program(peer).toString());
        return command;
    }

    /** Whether a peer is built; prints a line if it is not. */
    boolean hasPeer(String part, String peer) {
        if (Files.isExecutable(program(peer))) {
            return true;
        }
        say(part + ": " + peer + " is skipped, it is not built (interop/build-peers " + peer + ")");
        return false;
    }

    /** Reports the progress. */
    void say(String line) {
        System.err.println(line);
    }
}
