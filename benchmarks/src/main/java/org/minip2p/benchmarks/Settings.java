package org.minip2p.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a part has to know. Processes of ours that a part starts run on the same Java, with the same options and class path, as this one:
 * these make the variant that is measured.
 *
 * @param quick whether one short iteration is enough, to see that everything runs; else as long as it takes for the page
 * @param peers the folder of the built peers, {@code NAME/peer} in it
 */
record Settings(boolean quick, Path peers) {
    /** The settings of this JVM: {@code -Dinterop.peers=FOLDER} says where the peers are. */
    static Settings of(boolean quick) {
        return new Settings(quick, Path.of(System.getProperty("interop.peers", "interop/target/peers")));
    }

    /**
     * The command of a process of ours on the same Java.
     *
     * @param main the class to run
     * @param more options of that process alone for Java, such as the size of its heap
     * @param arguments the program's own
     */
    List<String> command(String main, List<String> more, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions());
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(arguments);
        return command;
    }

    /** The options that this JVM was started with, agents aside. */
    List<String> javaOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
                .toList();
    }

    /** Tells whoever waits how far it is. */
    void say(String line) {
        System.err.println(line);
    }
}
