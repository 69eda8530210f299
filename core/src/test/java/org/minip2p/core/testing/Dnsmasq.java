package org.minip2p.core.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real DNS server on a free port of loopback: dnsmasq, from Debian's package {@code dnsmasq-base}. It knows only its
 * configuration and asks no other server. It needs no privileges and leaves no files behind.
 */
public final class Dnsmasq implements AutoCloseable {
    private static final Pattern QUESTION = Pattern.compile("query\\[TXT] (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ChildProcess<String> process;
    private final Path folder;
    private final InetSocketAddress address;
    private final List<String> questions = new ArrayList<>(); // guarded by itself

    private Dnsmasq(Path program, Path folder, int port, List<String> configuration) throws IOException {
        this.folder = folder;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        List<String> lines = new ArrayList<>(List.of(
                "port=" + port,
                "listen-address=127.0.0.1",
                "bind-interfaces",
                "no-resolv",
                "no-hosts",
                "local=/example/",
                "log-queries"));
        lines.addAll(configuration);
        Path file = Files.write(folder.resolve("dnsmasq.conf"), lines);
        this.process = ChildProcess.start(
                "dnsmasq",
                List.of(
                        program.toString(),
                        "--keep-in-foreground",
                        "--conf-file=" + file,
                        "--pid-file=",
                        "--user=" + System.getProperty("user.name"),
                        "--log-facility=-"),
                ChildProcess.Stderr.MERGE,
                line -> line,
                this::note);
    }

    /** What must be installed; empty if nothing is missing. */
    public static Optional<String> whatIsMissing() {
        return program().isPresent() ? Optional.empty() : Optional.of("no dnsmasq here: install dnsmasq-base");
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "dnsmasq"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts the server, and waits until it answers.
     *
     * @param configuration lines of the configuration file, such as {@link #txt} makes; other names that end in
     *     {@code example} do not exist, and the server refuses queries for all other names
     */
    public static Dnsmasq start(List<String> configuration) throws IOException {
        Path program = program().orElseThrow();
        for (int tries = 1; ; tries++) {
            Dnsmasq started =
                    new Dnsmasq(program, Files.createTempDirectory("dnsmasq"), FreePort.find(), configuration);
            try {
                started.process.await(
                        "line that says that it has started", line -> line.contains("started, version"), PATIENCE);
                return started;
            } catch (ChildProcess.Failure e) {
                started.close();
                if (tries == 3) { // another process may have taken the port
                    throw e;
                }
            }
        }
    }

    /**
     * A TXT record.
     *
     * @param name the name, which may have several records
     * @param text the text, of any length; the record has it in strings of up to 255 bytes
     */
    public static String txt(String name, String text) {
        StringBuilder line = new StringBuilder("txt-record=" + name);
        for (int from = 0; from == 0 || from < text.length(); from += 255) {
            line.append(",\"")
                    .append(text, from, Math.min(from + 255, text.length()))
                    .append('"');
        }
        return line.toString();
    }

    /** The TXT record of a {@code /dnsaddr}. */
    public static String dnsaddr(String name, String address) {
        return txt("_dnsaddr." + name, "dnsaddr=" + address);
    }

    /** The address at which the server answers over UDP and TCP. */
    public InetSocketAddress address() {
        return address;
    }

    /** The names that the server has been asked for so far, in order. */
    public List<String> questions() {
        synchronized (questions) {
            return List.copyOf(questions);
        }
    }

    private void note(String line) {
        Matcher question = QUESTION.matcher(line);
        if (question.find()) {
            synchronized (questions) {
                questions.add(question.group(1));
            }
        }
    }

    /** Stops the server until {@link #resume}. Queries wait meanwhile. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets the server continue. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(process.handle().pid()))
                .inheritIO()
                .start();
        if (!kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("dnsmasq got no signal " + name);
        }
    }

    @Override
    public void close() throws IOException {
        process.handle().destroyForcibly();
        process.close();
        Files.deleteIfExists(folder.resolve("dnsmasq.conf"));
        Files.deleteIfExists(folder);
    }
}
