package org.minip2p.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Creates an identity. */
@Command(name = "key", description = "Create a new private key and show its peer id.")
final class KeyCommand implements Callable<Integer> {
    private final Minip2pCommand root;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "ed25519",
            description = "ed25519 (default), secp256k1, ecdsa or rsa.")
    private KeyType type = KeyType.ED25519;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Save the key in this new file, readable only by its owner; without this option the key is lost.")
    private @Nullable Path out;

    KeyCommand(Minip2pCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws CommandFailedException {
        PrivateKey key = PrivateKey.generate(type);
        if (out != null) {
            KeyFiles.write(out, key);
        }
        String peerId = PeerId.of(key.publicKey()).toString();
        root.output()
                .result(new Report()
                        .both("peerId", peerId, "peer id", peerId)
                        .line("key type", type.name().toLowerCase(Locale.ROOT))
                        .line("key file", out == null ? "none: the key is not saved, see --out" : out.toString()));
        return ExitCode.OK;
    }
}
