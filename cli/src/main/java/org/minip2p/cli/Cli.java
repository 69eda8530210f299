package org.minip2p.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** Where the {@code minip2p} command starts. */
public final class Cli {
    private Cli() {}

    /** Runs the command and ends the process with its exit code: 0 for success, 2 for wrong arguments, 1 for any failure. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs the command and returns its exit code. */
    static int run(Terminal terminal, String... args) {
        return run(terminal, System.getenv(), args);
    }

    /** The same, with the given environment variables. */
    static int run(Terminal terminal, Map<String, String> environment, String... args) {
        CommandLine commandLine = commandLine(new Minip2pCommand(terminal), environment);
        commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        return commandLine.execute(args);
    }

    private static CommandLine commandLine(Minip2pCommand root, Map<String, String> environment) {
        DialCommand dial = new DialCommand(root);
        CommandLine dialLine = new CommandLine(dial)
                .addSubcommand(new PingCommand(dial))
                .addSubcommand(new EchoCommand(dial))
                .addSubcommand(new PerfCommand(dial))
                .addSubcommand(new IdentifyCommand(dial))
                .addSubcommand(new HandshakeCommand(dial));
        CommandLine commandLine = new CommandLine(root)
                .addSubcommand(new DemoCommand(root))
                .addSubcommand(new ListenCommand(root))
                .addSubcommand(dialLine)
                .addSubcommand(new KeyCommand(root))
                .addSubcommand(new IdCommand(root))
                .addSubcommand(new SettingsCommand(root))
                .addSubcommand(new InteropTestCommand(root, environment));
        Arguments.registerWith(commandLine);
        commandLine.setParameterExceptionHandler((wrong, args) -> misused(root, wrong, args));
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> failed(root, failure));
        return commandLine;
    }

    /** The arguments could not be parsed, so their text shows whether JSON is wanted. */
    private static int misused(Minip2pCommand root, ParameterException wrong, String[] args) {
        Output output = Arrays.asList(args).contains("--json")
                ? new JsonOutput(root.terminal())
                : new HumanOutput(root.terminal());
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        output.failure(Failures.text(wrong) + "; see '" + command + " --help'", null);
        return ExitCode.USAGE;
    }

    private static int failed(Minip2pCommand root, Exception failure) {
        if (failure instanceof CommandFailedException expected) {
            root.output().failure(Failures.text(expected), expected.reason());
        } else {
            root.output()
                    .failure(
                            "internal error: " + failure.getClass().getSimpleName() + ": " + Failures.text(failure),
                            null);
        }
        return ExitCode.SOFTWARE;
    }
}
