package org.minip2p.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link BenchNode} in a process of its own, on the same Java with the same options and class path as this one. Not thread-safe.
 */
final class NodeProcess implements AutoCloseable {
    private static final int END_SECONDS = 20;

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final String address;
    private final int barePort;

    private NodeProcess(Process process) throws IOException {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.address = answer();
        this.barePort = Integer.parseInt(answer());
    }

    /**
     * Starts one, and waits until it listens.
     *
     * @param more options for Java beside those of this process
     */
    static NodeProcess start(String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
                .forEach(command::add);
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchNode.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new NodeProcess(process);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Where it listens, with its peer id. */
    String address() {
        return address;
    }

    /** The port on loopback of its bare sockets, which echo. */
    int barePort() {
        return barePort;
    }

    /** Has it obey a line, and waits for its answer. */
    String ask(String line) throws IOException {
        commands.write(line);
        commands.newLine();
        commands.flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process has ended: pid " + process.pid());
        }
        return line;
    }

    /** Ends it. */
    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
