package org.minip2p.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostObserver;
import org.minip2p.transport.IoBackend;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options of every command that starts a host. */
final class NodeOptions {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The node's private key, as 'minip2p key --out FILE' writes it; by default a new one.")
    private @Nullable Path keyFile;

    @Option(
            names = "--host-config",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "A limit or time-out of the host, such as idleTimeout=2m; may be given several times."
                    + " 'minip2p settings' lists them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--io",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            defaultValue = "nio",
            description = "The I/O back end: nio, epoll, io_uring or kqueue; auto takes a native one if available.")
    private String io = "nio";

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log events to standard error.")
    private boolean verbose;

    /** The values in force. */
    HostConfig config() {
        HostConfig config = HostConfig.defaults();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            try {
                config = config.with(setting.getKey(), setting.getValue());
            } catch (IllegalArgumentException e) {
                throw usage("--host-config: " + Failures.text(e), e);
            }
        }
        return config;
    }

    /** Whether events are logged. */
    boolean isVerbose() {
        return verbose;
    }

    private IoBackend ioBackend() {
        try {
            return IoBackend.named(io);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw usage("--io: " + Failures.text(e), e);
        }
    }

    /** Starts a host that does not listen yet, so that it has its protocols before its first peer. */
    Host start() throws CommandFailedException, InterruptedException {
        return start(List.of());
    }

    /** The same with observers. */
    Host start(List<? extends HostObserver> observers) throws CommandFailedException, InterruptedException {
        Logging.configure(verbose);
        HostBuilder builder = builder(config()).ioBackend(ioBackend());
        if (keyFile != null) {
            builder.identity(KeyFiles.read(keyFile));
        }
        if (verbose) {
            builder.listener(new EventLog());
        }
        observers.forEach(builder::observer);
        return Await.result(builder.start(), START_LIMIT);
    }

    private HostBuilder builder(HostConfig config) {
        try {
            return Host.builder().config(config);
        } catch (IllegalArgumentException e) {
            throw usage("--host-config: " + Failures.text(e), e);
        }
    }

    private ParameterException usage(String message, Throwable cause) {
        if (command == null) {
            throw new IllegalStateException(message, cause);
        }
        return new ParameterException(command.commandLine(), message, cause);
    }
}
