package org.minip2p.host.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.book.Peers.ANNA;
import static org.minip2p.host.book.Peers.BERT;
import static org.minip2p.host.book.Peers.at;
import static org.minip2p.host.book.Peers.many;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;
import org.slf4j.simple.CapturedLog;

class FileAddressBookTest {
    private static final Multiaddr FAR = at("/ip4/198.51.100.7/tcp/4001");
    private static final Multiaddr NAMED = at("/dns4/example.org/tcp/4001");

    private final Path file;
    private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

    FileAddressBookTest(@TempDir Path folder) {
        file = folder.resolve("book");
    }

    private FileAddressBook open() throws IOException {
        return FileAddressBook.open(file, () -> now, BookLimits.STANDARD);
    }

    private static FileAddressBook filled(FileAddressBook book) {
        book.add(ANNA, NAMED);
        book.add(ANNA, at("/unix/a folder/with spaces"), Duration.ofDays(3));
        book.dialed(ANNA, NAMED);
        book.identified(BERT, List.of(FAR, at("/ip6/::1/tcp/4001")));
        return book;
    }

    @Test
    void knowsAfterARestartWhatItKnewBefore() throws IOException {
        FileAddressBook before = filled(open());
        before.flush();

        FileAddressBook after = open();

        assertThat(after.peers()).containsExactlyInAnyOrder(ANNA, BERT);
        for (PeerId peer : List.of(ANNA, BERT)) {
            assertThat(after.addresses(peer)).isEqualTo(before.addresses(peer));
            assertThat(after.known(peer))
                    .extracting(Known::source)
                    .isEqualTo(before.known(peer).stream().map(Known::source).toList());
        }
        now = now.plus(Duration.ofDays(8));
        assertThat(after.known(ANNA)).containsExactly(new Known(NAMED, Source.APPLICATION, Optional.empty()));
        assertThat(after.addresses(BERT)).isEmpty();
    }

    @Test
    void isReadableByAPerson() throws IOException {
        filled(open()).flush();

        assertThat(file)
                .content()
                .startsWith("# ")
                .contains(ANNA + " /dns4/example.org/tcp/4001 dialed 2026-01-09T03:04:05Z\n")
                .contains(ANNA + " /dns4/example.org/tcp/4001 application forever\n")
                .contains(ANNA + " /unix/a folder/with spaces application 2026-01-05T03:04:05Z\n")
                .contains(BERT + " /ip4/198.51.100.7/tcp/4001 identify 2026-01-02T04:04:05Z\n");
    }

    /** The book confuses no address with another one, and loses none whose line is whole. */
    @Test
    void cutAtAnyByteItKnowsTheLinesThatAreWhole() throws IOException {
        FileAddressBook whole = filled(open());
        whole.flush();
        byte[] bytes = Files.readAllBytes(file);

        try (CapturedLog log = new CapturedLog(BookFile.class)) {
            for (int length = 0; length <= bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                Files.write(file, cut);
                FileAddressBook book = open();

                assertThat(count(book)).as("cut at %d", length).isEqualTo(wholeAddresses(cut));
                for (PeerId peer : book.peers()) {
                    assertThat(whole.addresses(peer)).containsAll(book.addresses(peer));
                }
            }
            assertThat(String.join("\n", log.lines())).contains("skipped");
        }
    }

    private static int count(FileAddressBook book) {
        return book.peers().stream()
                .mapToInt(peer -> book.addresses(peer).size())
                .sum();
    }

    private static long wholeAddresses(byte[] text) {
        return Arrays.stream(new String(text, StandardCharsets.UTF_8).split("\n"))
                .filter(line -> !line.startsWith("#") && line.split(" ").length > 3)
                .filter(line -> (line.endsWith("Z") || line.endsWith("forever")))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .distinct()
                .count();
    }

    @Test
    void skipsDamagedLinesAndSaysWhich() throws IOException {
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "# a remark",
                        "",
                        ANNA + " " + FAR + " application forever",
                        ANNA + " " + NAMED + " rumour forever",
                        ANNA + " /ip4/1.2.3/tcp/1 application forever",
                        "nobody " + FAR + " application forever",
                        ANNA + " " + FAR + " application yesterday",
                        ANNA + " " + FAR + " application +1000000000-12-31T23:59:59Z",
                        ANNA + " " + FAR + "/p2p/" + BERT + " application forever",
                        ANNA.toString(),
                        "   ",
                        "\u0000\u001b[2J",
                        ANNA + " /dns4/" + "x".repeat(10_000) + "/tcp/1 application forever",
                        "\t" + BERT + " " + NAMED + " dialed 2026-01-03T00:00:00Z\r"));

        FileAddressBook book;
        try (CapturedLog log = new CapturedLog(BookFile.class)) {
            book = open();

            assertThat(String.join("\n", log.lines()))
                    .contains("line=4 ", "rumour", "line=5 ", "line=6 ", "line=7 ", "line=8 ", "line=9 ", "line=10 ")
                    .contains("line=12 ", "line=13 ")
                    .doesNotContain("line=3 ", "line=11 ", "line=14 ", "\u001b");
        }
        assertThat(book.addresses(ANNA)).containsExactly(FAR);
        assertThat(book.addresses(BERT)).containsExactly(NAMED);
    }

    @Test
    void aWordOfAPeerLivesNoLongerThanItsKindWhateverTheFileSays() throws IOException {
        Files.writeString(
                file,
                ANNA + " " + FAR + " identify forever\n" + BERT + " " + FAR + " dialed 9999-01-01T00:00:00Z\n"
                        + Peers.next() + " " + FAR + " identify 2020-01-01T00:00:00Z\n");
        FileAddressBook book = open();

        assertThat(book.peers()).containsExactlyInAnyOrder(ANNA, BERT);
        now = now.plus(Duration.ofHours(1));
        assertThat(book.peers()).containsExactly(BERT);
        now = now.plus(Duration.ofDays(7));
        assertThat(book.peers()).isEmpty();
    }

    @Test
    void readsAnyBytesAndAFileFullOfLiesWithinItsLimits() throws IOException {
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        Files.write(file, noise);
        assertThat(open().peers()).isEmpty();

        StringBuilder lies = new StringBuilder();
        for (Multiaddr address : many(10_000)) {
            lies.append(ANNA).append(' ').append(address).append(" application forever\n");
        }
        Files.writeString(file, lies);
        assertThat(open().addresses(ANNA)).hasSize(BookLimits.STANDARD.peerAddresses());
    }

    @Test
    void writesOnlyWhatHasChangedAndAsAWhole() throws IOException {
        FileAddressBook book = open();
        book.flush();
        assertThat(file).doesNotExist();

        filled(book).flush();
        Files.writeString(file, "mine");
        book.flush();
        assertThat(file).content().isEqualTo("mine");

        book.forget(BERT);
        book.flush();
        assertThat(file).content().contains(ANNA.toString()).doesNotContain("mine", BERT.toString());
        assertThat(file.resolveSibling("book.new")).doesNotExist();
    }

    @Test
    void aWriteThatFailsLeavesTheOldFileAndIsTriedAgain() throws IOException {
        FileAddressBook book = filled(open());
        book.flush();
        String before = Files.readString(file);
        Path inTheWay = Files.createDirectory(file.resolveSibling("book.new"));
        Files.createFile(inTheWay.resolve("full"));
        book.forget(BERT);

        assertThatThrownBy(book::flush).isInstanceOf(IOException.class);
        assertThat(file).content().isEqualTo(before);

        Files.delete(inTheWay.resolve("full"));
        Files.delete(inTheWay);
        book.flush();
        assertThat(file).content().doesNotContain(BERT.toString());
    }

    @Test
    void followsALinkInsteadOfReplacingIt() throws IOException {
        Path real = Files.createFile(file.resolveSibling("real"));
        Files.createSymbolicLink(file, real);

        filled(open()).flush();

        assertThat(file).isSymbolicLink();
        assertThat(real).content().contains(ANNA.toString());
    }

    @Test
    void refusesAFolderAndAFolderThatIsNone() throws IOException {
        assertThatThrownBy(() -> FileAddressBook.open(file.resolve("deeper"), () -> now))
                .isInstanceOf(NotDirectoryException.class);
        Files.createDirectory(file);
        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
}
