package org.minip2p.host.book;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A book as text, one address of one source per line, for people to read and edit:
 *
 * <pre>
 * # peer address source until
 * 12D3KooW… /ip4/198.51.100.7/tcp/4001 dialed 2026-12-03T10:15:30Z
 * 12D3KooW… /dns4/example.org/tcp/4001 application forever
 * </pre>
 *
 * <p>A prefix of a line's last word is never valid: a line that is cut anywhere is damaged, and is not read as a shorter address.
 * Damaged lines are skipped and logged. Not thread-safe.
 */
final class BookFile {
    private static final Logger LOG = LoggerFactory.getLogger(BookFile.class);
    private static final String HEADER = "# minip2p address book: peer address source until\n";
    private static final String FOREVER = "forever";

    /** Far more than the size of a full book. */
    private static final int MAX_BYTES = 16 << 20;

    private static final int MAX_LINE_CHARACTERS = 4096;

    /** The rest is counted. */
    private static final int MAX_SAID = 10;

    /** The times that can be counted in milliseconds, and written with a year of four digits. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final Path file;

    /**
     * A file that may not exist yet.
     *
     * @throws NotDirectoryException when its parent is not a folder
     */
    BookFile(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        this.file = Files.exists(absolute) ? absolute.toRealPath() : absolute;
        Path folder = this.file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NotDirectoryException(String.valueOf(folder));
        }
    }

    /** Reads all valid lines; a missing file is an empty book. Returns the number of skipped lines. */
    int read(BiConsumer<PeerId, Known> reader) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES);
        }
        int skipped = 0;
        int number = 0;
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            try {
                if (!line.isBlank() && !line.startsWith("#")) {
                    parse(line.strip(), reader);
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                skipped++;
                if (skipped <= MAX_SAID) {
                    LOG.warn(
                            "file={} line={} skipped error={} text={}",
                            file,
                            number,
                            Printable.of(Printable.message(e)),
                            Printable.of(line));
                }
            }
        }
        if (bytes.length == MAX_BYTES) {
            LOG.warn("file={} is longer than {} bytes: the rest is skipped", file, MAX_BYTES);
        }
        if (skipped > MAX_SAID) {
            LOG.warn("file={} skipped {} damaged lines in total", file, skipped);
        }
        return skipped;
    }

    /** An address may have spaces in it, the other words have none. */
    private static void parse(String line, BiConsumer<PeerId, Known> reader) {
        if (line.length() > MAX_LINE_CHARACTERS) {
            throw new IllegalArgumentException(
                    "expected a line of at most " + MAX_LINE_CHARACTERS + " characters, got " + line.length());
        }
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        int source = last < 0 ? -1 : line.lastIndexOf(' ', last - 1);
        if (first < 0 || source <= first) {
            throw new IllegalArgumentException("expected four words: peer, address, source, until");
        }
        PeerId peer = PeerId.parse(line.substring(0, first));
        Multiaddr address = Multiaddr.parse(line.substring(first + 1, source).strip());
        if (address.peerId().isPresent()) {
            throw new IllegalArgumentException("expected an address without a peer at its end");
        }
        reader.accept(
                peer, new Known(address, source(line.substring(source + 1, last)), until(line.substring(last + 1))));
    }

    private static Source source(String text) {
        for (Source source : Source.values()) {
            if (name(source).equals(text)) {
                return source;
            }
        }
        throw new IllegalArgumentException("expected a source, dialed, application or identify, got " + text);
    }

    private static String name(Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Instant> until(String text) {
        if (text.equals(FOREVER)) {
            return Optional.empty();
        }
        Instant until = Instant.parse(text);
        if (until.isAfter(LAST)) {
            throw new IllegalArgumentException("expected a time before " + LAST + ", got " + until);
        }
        return Optional.of(until);
    }

    /** Writes the whole book to a new file, which then replaces the old one: after a crash, one of the two exists. */
    void write(Map<PeerId, List<Known>> all) throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        all.forEach((peer, words) -> words.forEach(word -> write(text, peer, word)));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            try (FileChannel channel = FileChannel.open(
                    written,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void write(StringBuilder text, PeerId peer, Known word) {
        text.append(peer)
                .append(' ')
                .append(word.address()) // which has no line ends
                .append(' ')
                .append(name(word.source()))
                .append(' ')
                .append(word.until()
                        .map(until -> until.isAfter(LAST) ? LAST : until)
                        .map(until -> until.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(FOREVER))
                .append('\n');
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
