package org.minip2p.attacks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a child process that uses the same Java and class path as this process. */
final class JavaProcess {
    private JavaProcess() {}

    /**
     * The command.
     *
     * @param main the main class
     * @param options the options for Java
     * @param arguments the program's own
     */
    static List<String> command(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }
}
