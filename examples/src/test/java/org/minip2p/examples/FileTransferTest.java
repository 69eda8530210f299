package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.awaitTrue;
import static org.minip2p.examples.Nodes.listening;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

class FileTransferTest {
    private static final int LENGTH = 3_000_000;

    private final Nodes nodes = new Nodes();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Long> progress = new ArrayList<>();
    private byte[] content = new byte[LENGTH];
    private Path shared;
    private Path target;
    private Path part;

    FileTransferTest(@TempDir Path folder) throws IOException {
        new Random(1).nextBytes(content);
        shared = Files.createDirectory(folder.resolve("shared"));
        target = folder.resolve("target");
        part = folder.resolve("target.part");
        Files.write(shared.resolve("a file.bin"), content);
        Files.writeString(folder.resolve("secret"), "not for you");
    }

    @AfterEach
    void close() throws Exception {
        nodes.close();
        threads.shutdownNow();
    }

    private Host server() {
        Host host = nodes.host();
        FileTransfer.serve(host, shared, threads);
        return host;
    }

    private void fetch(Connection connection) throws IOException {
        fetch(connection, "a file.bin");
    }

    private void fetch(Connection connection, String name) throws IOException {
        FileTransfer.fetch(connection, name, target, (bytes, length) -> progress.add(bytes));
    }

    /** The head of a response, followed by this many bytes of the file. */
    private byte[] response(long length, int bytes) throws IOException {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(response);
        out.writeLong(length);
        out.write(new byte[32]);
        out.write(content, 0, bytes);
        return response.toByteArray();
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void twoProcessesMoveAFileThatIsLargerThanTheirMemory() throws Exception {
        byte[] block = new byte[1 << 20];
        new Random(2).nextBytes(block);
        Path large = shared.resolve("large");
        try (var out = Files.newOutputStream(large)) {
            for (int i = 0; i < 40; i++) {
                out.write(block);
            }
        }
        ChildProcess<String> server = nodes.program(FileTransfer.class, "serve", Nodes.LOOPBACK, shared.toString());

        ChildProcess<String> client =
                nodes.program(FileTransfer.class, "fetch", listening(server), "large", target.toString());

        client.await("progress", ("50 % of " + Files.size(large) + " bytes")::equals, PROCESS_PATIENCE);
        client.await("the end", ("fetched " + target)::equals, PROCESS_PATIENCE);
        assertThat(client.awaitExit(PROCESS_PATIENCE)).isZero();
        assertThat(Files.mismatch(large, target)).isEqualTo(-1);
        assertThat(part).doesNotExist();
    }

    @Test
    void goesOnWhereItWasCut() throws Exception {
        Host server = server();
        Connection cut = nodes.connect(server);
        assertThatThrownBy(() -> FileTransfer.fetch(cut, "a file.bin", target, (bytes, length) -> {
                    if (bytes > length / 2) {
                        cut.abort();
                    }
                }))
                .isInstanceOf(IOException.class);
        long before = Files.size(part);
        assertThat(before).isBetween(LENGTH / 2L, LENGTH - 1L);

        fetch(nodes.connect(server));

        assertThat(target).hasBinaryContent(content);
        assertThat(progress.get(0)).as("does not begin again").isGreaterThan(before);
        assertThat(progress.get(progress.size() - 1)).isEqualTo(LENGTH);
        assertThat(part).doesNotExist();
    }

    @Test
    void whatHasComeWholeIsOnlyChecked() throws Exception {
        Files.write(part, content);

        fetch(nodes.connect(server()));

        assertThat(target).hasBinaryContent(content);
        assertThat(progress).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {LENGTH / 2, LENGTH, LENGTH + 1})
    void aPartOfAnotherFileIsThrownAwayAndTheNextTryBeginsAnew(int length) throws Exception {
        Files.write(part, new byte[length]);
        Connection connection = nodes.connect(server());

        assertThatThrownBy(() -> fetch(connection))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("digest");
        assertThat(part).doesNotExist();
        assertThat(target).doesNotExist();

        fetch(connection);
        assertThat(target).hasBinaryContent(content);
    }

    @Test
    void aServerThatEndsEarlyIsAnErrorAndWhatCameIsKept() throws Exception {
        Host ending = nodes.answering(FileTransfer.ID, response(LENGTH, 1_000), (stream, ctx) -> ctx.close());

        assertThatThrownBy(() -> fetch(nodes.connect(ending)))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("expected 3000000 bytes, got 1000");

        assertThat(part).hasSize(1_000);
        assertThat(target).doesNotExist();
    }

    @Test
    void aServerThatResetsInTheMiddleIsAnError() throws Exception {
        Host resetting = nodes.answering(FileTransfer.ID, response(LENGTH, 1_000), (stream, ctx) -> stream.reset());

        assertThatThrownBy(() -> fetch(nodes.connect(resetting))).isInstanceOf(IOException.class);

        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1L << 41, 4})
    void aServerThatLiesIsAnError(long length) throws Exception {
        Host lying = nodes.answering(FileTransfer.ID, response(length, 4), (stream, ctx) -> ctx.close());

        assertThatThrownBy(() -> fetch(nodes.connect(lying))).isInstanceOf(IOException.class);

        assertThat(target).doesNotExist();
        assertThat(part).doesNotExist();
    }

    @Test
    void aServerThatDoesNotSpeakItIsAnError() {
        assertThatThrownBy(() -> fetch(nodes.connect(nodes.host()))).isInstanceOf(IOException.class);
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> fetch(nodes.connect(server()), "nothing")).isInstanceOf(NoSuchFileException.class);
        assertThat(part).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "..", ".", "", "/etc/passwd", "a\0b", "sub/file", "..\\secret"})
    void whatIsNoNameIsRefused(String name) throws Exception {
        Connection connection = nodes.connect(server());

        assertThatThrownBy(() -> fetch(connection, name)).isInstanceOf(IOException.class);

        fetch(connection);
        assertThat(target).hasBinaryContent(content);
    }

    @Test
    void foldersAndLinksAreNoFiles() throws Exception {
        Files.createDirectory(shared.resolve("folder"));
        Files.createSymbolicLink(shared.resolve("link"), Path.of("../secret"));
        Connection connection = nodes.connect(server());

        assertThatThrownBy(() -> fetch(connection, "folder")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> fetch(connection, "link")).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, LENGTH + 1, Long.MAX_VALUE})
    void anOffsetThatIsNoneDoesNotHarmTheServer(long offset) throws Exception {
        Connection connection = nodes.connect(server());
        try (BlockingStream stream = BlockingStream.open(connection, FileTransfer.ID)) {
            DataOutputStream out = new DataOutputStream(stream.outputStream());
            out.writeLong(offset);
            out.writeUTF("a file.bin");
            stream.closeOutput();
            DataInputStream in = new DataInputStream(stream.inputStream());

            assertThat(in.readLong()).isEqualTo(LENGTH);
            in.skipNBytes(32);
            assertThat(in.readAllBytes()).hasSize(offset < 0 ? LENGTH : 0);
        }
    }

    @Test
    void aRequestThatEndsEarlyOrIsNoTextIsReset() throws Exception {
        Connection connection = nodes.connect(server());
        for (byte[] request :
                List.of(new byte[0], new byte[] {0, 0, 0}, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1})) {
            try (BlockingStream stream = BlockingStream.open(connection, FileTransfer.ID)) {
                stream.outputStream().write(request);
                stream.closeOutput();

                assertThatThrownBy(() -> stream.inputStream().read()).isInstanceOf(IOException.class);
                stream.reset();
            }
        }

        fetch(connection);
        assertThat(target).hasBinaryContent(content);
    }

    @Test
    void twoAtATimeAndNoMore() throws Exception {
        Connection connection = nodes.connect(server());
        try (BlockingStream first = BlockingStream.open(connection, FileTransfer.ID);
                BlockingStream second = BlockingStream.open(connection, FileTransfer.ID);
                BlockingStream third = BlockingStream.open(connection, FileTransfer.ID)) {
            assertThatThrownBy(() -> third.inputStream().read()).isInstanceOf(IOException.class);
            third.reset();
            first.reset();
            second.reset();
        }

        awaitTrue("places are free again", () -> {
            fetch(connection);
            return true;
        });
        assertThat(target).hasBinaryContent(content);
    }
}
