package org.minip2p.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Shows the peer id of a key file. */
@Command(name = "id", description = "Show the peer id of the key in a file.")
final class IdCommand implements Callable<Integer> {
    private final Minip2pCommand root;

    @Parameters(paramLabel = "FILE", description = "A private key, as 'minip2p key --out FILE' writes it.")
    private @Nullable Path file;

    IdCommand(Minip2pCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws CommandFailedException {
        PrivateKey key = KeyFiles.read(Required.argument(file));
        PeerId peer = PeerId.of(key.publicKey());
        root.output()
                .result(new Report()
                        .both("peerId", peer.toString(), "peer id", peer.toString())
                        .line("as a CID", peer.toCid())
                        .line("key type", key.type().name().toLowerCase(Locale.ROOT)));
        return ExitCode.OK;
    }
}
