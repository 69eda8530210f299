package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

class KeyCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "secp256k1", "ecdsa", "rsa"})
    void keepsAKeyWhosePeerIdIsShownAgain(String type) throws Exception {
        Path file = folder.resolve("key");

        Run made = Run.of("key", "--type", type, "--out", file.toString(), "--json");
        Run shown = Run.of("id", file.toString(), "--json");

        assertThat(made.exitCode()).isZero();
        assertThat(made.result()).containsOnlyKeys("peerId");
        assertThat(shown.lastLine()).isEqualTo(made.lastLine());
        PrivateKey key = PrivateKey.decode(Files.readAllBytes(file));
        assertThat(PeerId.of(key.publicKey()).toString())
                .isEqualTo(made.result().get("peerId"));
        assertThat(key.type().name()).isEqualToIgnoringCase(type);
    }

    @Test
    void letsNobodyButTheOwnerReadTheKey() throws Exception {
        Path file = folder.resolve("key");

        Run.of("key", "--out", file.toString());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void doesNotOverwriteAKey() throws Exception {
        Path file = folder.resolve("key");
        Run.of("key", "--out", file.toString());
        byte[] before = Files.readAllBytes(file);

        Run again = Run.of("key", "--out", file.toString());

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).singleElement().asString().contains("exists already");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void makesAKeyWithoutAFile() {
        Run run = Run.of("key");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).first().asString().startsWith("peer id").contains("12D3KooW");
        assertThat(run.out()).last().asString().contains("not saved");
    }

    @Test
    void refusesAnUnknownTypeOfKey() {
        Run run = Run.of("key", "--type", "dsa", "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().startsWith("minip2p: ").contains("'dsa'");
        assertThat(run.result()).containsEntry("ok", false);
        assertThat(Objects.toString(run.result().get("error"))).contains("'dsa'");
    }

    @Test
    void saysThatAKeyFileIsMissing() {
        Run run = Run.of("id", folder.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("none: there is no such file");
    }

    @Test
    void namesTheFileThatCannotBeWrittenAndWhy() {
        Path missing = folder.resolve("none");

        Run run = Run.of("key", "--out", missing.resolve("key").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .containsExactly("minip2p: key file " + missing.resolve("key")
                        + ": cannot be written: there is no folder " + missing);
    }

    @Test
    void saysThatAFolderIsNoKeyFile() {
        Run run = Run.of("id", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("cannot be read: Is a directory");
    }

    @Test
    void refusesAFileThatHoldsNoKey() throws Exception {
        Path file = ofOwner(Files.writeString(folder.resolve("key"), "-----BEGIN PRIVATE KEY-----"));

        Run run = Run.of("id", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("expected a private key message", "27 bytes");
    }

    @Test
    void refusesAKeyFileThatOthersMayRead() throws Exception {
        Path file = folder.resolve("key");
        Run.of("key", "--out", file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        Run run = Run.of("id", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("accessible to others (rw-r-----)");
    }

    @Test
    void takesNoMalformedKeyForTheNode() throws Exception {
        Path file = ofOwner(Files.write(folder.resolve("key"), new byte[] {8, 1, 18, 0}));

        Run run = Run.of("listen", "--key", file.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result()).containsEntry("ok", false).containsKey("error");
    }

    private static Path ofOwner(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
