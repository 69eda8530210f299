package org.minip2p.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command without a subcommand, and the common options. */
@Command(
        name = "minip2p",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A minimal libp2p node for the JVM: TCP, Noise, Yamux.")
final class Minip2pCommand {
    private final Terminal terminal;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Write one JSON object per line instead of text for people.")
    private boolean json;

    Minip2pCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    /** The output for the user; call it only after the arguments have been parsed. */
    Output output() {
        return json ? new JsonOutput(terminal) : new HumanOutput(terminal);
    }
}
