package org.minip2p.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** Starts the processes of a run. */
final class Processes {
    private static final String QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

    private Processes() {}

    /**
     * Starts the victim, with little memory.
     *
     * @param allocator Netty's name for its allocator
     * @param descriptors the limit on its open files and sockets; 0 for the machine's own limit
     * @param arguments the arguments of the victim
     * @param outOfMemory runs for each line of its output that reports an out-of-memory error
     */
    static ChildProcess<Line> victim(String allocator, int descriptors, List<String> arguments, Runnable outOfMemory)
            throws IOException {
        List<String> java = List.of(
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dio.netty.allocator.type=" + allocator,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        List<String> command = new ArrayList<>();
        if (descriptors > 0) {
            command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        }
        command.addAll(JavaProcess.command(VictimNode.class, java, arguments));
        return ChildProcess.start(
                "the victim",
                command,
                Stderr.MERGE,
                line -> {
                    if (line.contains("OutOfMemoryError") || line.contains("OutOfDirectMemoryError")) {
                        outOfMemory.run();
                    }
                    return Line.parse(line);
                },
                line -> {});
    }

    /** Starts the honest peer. */
    static ChildProcess<Line> honest(long port) throws IOException {
        return ChildProcess.start(
                "the honest peer",
                JavaProcess.command(HonestNode.class, List.of("-Xmx256m", QUIET), List.of("" + port)),
                Stderr.KEEP,
                Line::parse,
                line -> {});
    }

    /** Starts the hostile peers, at a low priority: on a network they would have a CPU of their own. */
    static ChildProcess<Line> attacker(String attack, long port, long seconds) throws IOException {
        List<String> command = new ArrayList<>(List.of("nice", "-n", "5"));
        command.addAll(JavaProcess.command(
                AttackerNode.class, List.of("-Xmx768m", QUIET), List.of(attack, "" + port, "" + seconds)));
        return ChildProcess.start("the attacker", command, Stderr.KEEP, Line::parse, line -> {});
    }

    /** Describes a failure, with the last output of the process. */
    static String summary(ChildProcess.Failure e) {
        List<String> lines = String.valueOf(e.getMessage()).lines().toList();
        return lines.size() < 2 ? String.join("", lines) : lines.get(0) + " " + lines.get(1);
    }
}
