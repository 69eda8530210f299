package org.minip2p.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.Printable;
import org.minip2p.core.PrivateKey;

/** The common part of the programs: exit codes, arguments and the key file. */
final class Program {
    /** The main part of a program. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private Program() {}

    /**
     * Runs a program. If it fails, the exit code of the process is 2 for wrong arguments ({@link IllegalArgumentException}) and 1
     * otherwise.
     */
    static void main(String usage, Body body) {
        int exitCode = run(usage, body, System.err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static int run(String usage, Body body, PrintStream err) {
        try {
            body.run();
            return 0;
        } catch (Exception e) {
            Throwable failure = unwrapped(e);
            err.println(Printable.message(failure));
            if (failure instanceof IllegalArgumentException) {
                err.println("usage: " + usage);
                return 2;
            }
            return 1;
        }
    }

    /** The actual failure, without the wrappers of futures. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static IllegalArgumentException wrongArguments(String... args) {
        return new IllegalArgumentException("wrong arguments: " + String.join(" ", args));
    }

    /** Checks the minimum number. */
    static void requireArguments(int least, String... args) {
        if (args.length < least) {
            throw wrongArguments(args);
        }
    }

    static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535, got " + port);
        }
        return port;
    }

    /** An address with a peer id. */
    static Multiaddr peerAddress(String text) {
        Multiaddr address = Multiaddr.parse(text);
        if (address.peerId().isEmpty()) {
            throw new IllegalArgumentException("expected an address that ends in /p2p/PEER, got " + address);
        }
        return address;
    }

    /** The key in a file; the first start writes a new one, so that a node is the same peer after a restart. */
    static PrivateKey key(Path file) throws IOException {
        if (Files.exists(file)) {
            return PrivateKey.readFile(file);
        }
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        key.writeFile(file);
        return key;
    }

    /** Lets the host's threads work until stdin ends: until Ctrl-D, or until the parent process has ended. */
    static void serveUntilInputEnds() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
