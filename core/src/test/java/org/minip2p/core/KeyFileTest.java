package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private final PrivateKey key = PrivateKey.generate(KeyType.ED25519);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void readsWhatItWrote(KeyType type) throws Exception {
        PrivateKey written = PrivateKey.generate(type);
        Path file = folder.resolve("key");

        written.writeFile(file);

        assertThat(PrivateKey.readFile(file).encoded()).isEqualTo(written.encoded());
        assertThat(Files.readAllBytes(file)).isEqualTo(written.encoded());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(filesIn(folder)).as("the key file and nothing else").containsExactly(file);
    }

    @Test
    void neverOverwritesAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));

        for (Path taken : List.of(file, link, folder)) {
            assertThatThrownBy(() -> key.writeFile(taken)).isInstanceOfSatisfying(KeyFileException.class, e -> {
                assertThat(e.reason()).isEqualTo(KeyFileException.Reason.EXISTS);
                assertThat(e).hasMessageContaining(taken.toString());
            });
        }
        assertThat(file).hasContent("precious");
        assertThat(filesIn(folder)).containsExactlyInAnyOrder(file, link);
    }

    /** When many threads write the same file at once, one of them succeeds, and the file is whole. */
    @Test
    void isWrittenOnceHoweverManyWriteIt() throws Exception {
        Path file = folder.resolve("key");
        AtomicInteger written = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> writers = Stream.generate(() -> new Thread(() -> {
                    try {
                        go.await();
                        PrivateKey.generate(KeyType.ED25519).writeFile(file);
                        written.incrementAndGet();
                    } catch (KeyFileException e) {
                        assertThat(e.reason()).isEqualTo(KeyFileException.Reason.EXISTS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .limit(8)
                .toList();
        writers.forEach(Thread::start);

        go.countDown();
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(written).hasValue(1);
        assertThat(PrivateKey.readFile(file)).isNotNull();
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw---x---", "rwxrwxrwx"})
    void refusesAFileToWhichOthersHaveAnyRight(String permissions) throws Exception {
        Path file = folder.resolve("key");
        key.writeFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> PrivateKey.readFile(file)).isInstanceOfSatisfying(KeyFileException.class, e -> {
            assertThat(e.reason()).isEqualTo(KeyFileException.Reason.OPEN_TO_OTHERS);
            assertThat(e)
                    .hasMessage(
                            "key file " + file + ": accessible to others (" + permissions + "); expected rw-------");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rwx------"})
    void takesAFileThatIsItsOwnersAlone(String permissions) throws Exception {
        Path file = folder.resolve("key");
        key.writeFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThat(PrivateKey.readFile(file).encoded()).isEqualTo(key.encoded());
    }

    @Test
    void refusesEveryFileThatIsCutOrHasMore() throws Exception {
        byte[] whole = key.encoded();
        for (int length = 0; length <= whole.length + 1; length++) {
            Path file = ofOwner(java.util.Arrays.copyOf(whole, length));

            if (length == whole.length) {
                assertThat(PrivateKey.readFile(file).encoded()).isEqualTo(whole);
            } else {
                assertThat(reason(file)).as(length + " bytes").isEqualTo(KeyFileException.Reason.NO_KEY);
            }
        }
    }

    @Test
    void readsNoLongFileToItsEnd() throws Exception {
        Path file = ofOwner(new byte[1 << 20]);

        assertThatThrownBy(() -> PrivateKey.readFile(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessageEndingWith("expected a private key message, found more than 4661 bytes");
    }

    @Test
    void looksAtAFileAsLongAsTheLongestKey() throws Exception {
        Path file = ofOwner(new byte[4_661]);

        assertThatThrownBy(() -> PrivateKey.readFile(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("found 4661 bytes that are none");
    }

    @Test
    void wipesTheMessageThatItWrote() throws Exception {
        byte[] written = key.encoded();
        byte[] refused = key.encoded();
        KeyFile file = new KeyFile(folder.resolve("key"));

        file.write(written);
        assertThatThrownBy(() -> file.write(refused)).isInstanceOf(KeyFileException.class);

        assertThat(written).containsOnly(0);
        assertThat(refused).containsOnly(0);
    }

    /** A zip file supports neither permissions nor links. */
    @Test
    void isReadAndWrittenWhereTheFileSystemKnowsNoRights() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("keys.zip"), Map.of("create", "true"))) {
            Path file = zip.getPath("/key");

            key.writeFile(file);

            assertThat(PrivateKey.readFile(file).encoded()).isEqualTo(key.encoded());
            assertThat(filesIn(zip.getPath("/"))).containsExactly(file);
            assertThatThrownBy(() -> key.writeFile(file))
                    .isInstanceOfSatisfying(
                            KeyFileException.class,
                            e -> assertThat(e.reason()).isEqualTo(KeyFileException.Reason.EXISTS));
        }
    }

    @Test
    void saysThatThereIsNone() {
        assertThat(reason(folder.resolve("none"))).isEqualTo(KeyFileException.Reason.NOT_FOUND);
        assertThat(reason(folder.resolve("none").resolve("key"))).isEqualTo(KeyFileException.Reason.NOT_FOUND);
    }

    @Test
    void saysThatTheSystemCannotReadOrWriteIt() throws Exception {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwx------"));

        assertThat(reason(inside)).isEqualTo(KeyFileException.Reason.IO);
        assertThatThrownBy(() -> key.writeFile(folder.resolve("none").resolve("key")))
                .isInstanceOfSatisfying(KeyFileException.class, e -> {
                    assertThat(e.reason()).isEqualTo(KeyFileException.Reason.IO);
                    assertThat(e)
                            .hasMessageEndingWith(
                                    "none/key: cannot be written: there is no folder " + folder.resolve("none"))
                            .hasCauseInstanceOf(IOException.class);
                });
    }

    @Test
    void leavesNothingWhereItMayNotWrite() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
        assumeFalse(Files.isWritable(folder), "the rights of a folder do not bind this user");

        assertThatThrownBy(() -> key.writeFile(folder.resolve("key")))
                .isInstanceOfSatisfying(
                        KeyFileException.class, e -> assertThat(e.reason()).isEqualTo(KeyFileException.Reason.IO));
        assertThat(filesIn(folder)).isEmpty();
    }

    /** Control characters are escaped, and no byte of the file is shown. */
    @Test
    void showsNothingSecretAndNothingThatATerminalObeys() throws Exception {
        Path file = folder.resolve("a\u001b[31mkey");
        Files.write(file, "secret words".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> PrivateKey.readFile(file))
                .isInstanceOf(KeyFileException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("\u001b", "secret"));
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null, which is refused
    void refusesNull() {
        assertThatThrownBy(() -> PrivateKey.readFile(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> key.writeFile(null)).isInstanceOf(NullPointerException.class);
    }

    private Path ofOwner(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("key"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static KeyFileException.Reason reason(Path file) {
        try {
            PrivateKey.readFile(file);
            throw new AssertionError("it was read");
        } catch (KeyFileException e) {
            return e.reason();
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
