package org.minip2p.examples;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamQuota;

/**
 * Fetches files with plain {@code InputStream}s and {@code OutputStream}s. Received data is kept in {@code TARGET.part}: fetch again to
 * resume. The file gets its final name only if its digest is right.
 *
 * <pre>
 * examples/run FileTransfer serve /ip4/127.0.0.1/tcp/4001 FOLDER      prints its address
 * examples/run FileTransfer fetch ADDRESS NAME TARGET
 * </pre>
 *
 * The request is the number of bytes already received and the file's name, then the end. The response is the file's length, or -1 when
 * there is no such file, its SHA-256 and the missing bytes, then the end.
 */
public final class FileTransfer {
    static final ProtocolId ID = new ProtocolId("/examples/file/1.0.0");
    private static final long MAX_FILE_BYTES = 1L << 40;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final String USAGE = "FileTransfer serve LISTEN FOLDER | FileTransfer fetch ADDRESS NAME TARGET";

    /** Receives the progress. */
    @FunctionalInterface
    interface Progress {
        void received(long bytes, long length);
    }

    private FileTransfer() {}

    /** Serves the files in a folder, two at once to each peer; so at most two requests per peer wait for a thread. */
    static void serve(Host host, Path folder, Executor threads) {
        StreamHandler answers = BlockingStream.handler(threads, stream -> answer(stream, folder));
        host.handle(ID, HALF_OPEN, host.protocolContext().limited(StreamQuota.ofOpen(2), answers));
    }

    private static void answer(BlockingStream stream, Path folder) throws IOException {
        DataInputStream in = new DataInputStream(stream.inputStream());
        long offset = in.readLong();
        Path file = folder.resolve(plainName(in.readUTF()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream.outputStream(), BUFFER_BYTES));
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            long length = Files.size(file);
            out.writeLong(length);
            out.write(sha256(file));
            try (InputStream content = Files.newInputStream(file)) {
                content.skipNBytes(Math.max(0, Math.min(offset, length)));
                content.transferTo(out);
            }
        } else {
            out.writeLong(-1);
        }
        out.flush();
    }

    /** Checks that a name does not lead to another folder. */
    private static Path plainName(String name) throws IOException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || !name.matches("[\\p{L}\\p{N} ._-]+")) {
            throw new IOException("expected the name of a file, got " + name);
        }
        return Path.of(name);
    }

    /** Fetches a file, or its missing part. Blocks. */
    static void fetch(Connection connection, String name, Path target, Progress progress) throws IOException {
        Path part = Path.of(target + ".part");
        long offset = Files.exists(part) ? Files.size(part) : 0;
        byte[] digest;
        try (BlockingStream stream = BlockingStream.open(connection, ID)) {
            DataOutputStream out = new DataOutputStream(stream.outputStream());
            out.writeLong(offset);
            out.writeUTF(name);
            stream.closeOutput();
            DataInputStream in = new DataInputStream(stream.inputStream());
            long length = in.readLong();
            if (length < 0) {
                throw new NoSuchFileException(name);
            }
            if (length > MAX_FILE_BYTES) {
                throw new IOException("expected at most " + MAX_FILE_BYTES + " bytes, got a file of " + length);
            }
            digest = in.readNBytes(32);
            append(in, part, offset, length, progress);
        }
        if (!MessageDigest.isEqual(digest, sha256(part))) {
            Files.delete(part);
            throw new IOException("the digest does not match: fetch again to start over");
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads no faster than the disk writes: meanwhile the peer is paused. */
    private static void append(InputStream in, Path part, long offset, long length, Progress progress)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long received = offset;
        try (OutputStream file = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (received < length) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, length - received));
                if (count < 0) {
                    throw new EOFException(
                            "expected " + length + " bytes, got " + received + ": fetch again to resume");
                }
                file.write(buffer, 0, count);
                received += count;
                progress.received(received, length);
            }
        }
    }

    private static byte[] sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        if (args.length == 3 && args[0].equals("serve") && Files.isDirectory(Path.of(args[2]))) {
            Multiaddr listen = Multiaddr.parse(args[1]);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try (Host host = Host.builder().start().join()) {
                serve(host, Path.of(args[2]), threads);
                host.listen(listen).join();
                System.out.println("listening on " + host.addresses().get(0));
                Program.serveUntilInputEnds();
            } finally {
                threads.shutdownNow();
            }
        } else if (args.length == 4 && args[0].equals("fetch")) {
            Multiaddr address = Program.peerAddress(args[1]);
            try (Host host = Host.builder().start().join()) {
                long[] percent = {-1};
                fetch(host.dial(address).join(), args[2], Path.of(args[3]), (bytes, length) -> {
                    if (percent[0] < (percent[0] = bytes * 100 / length)) {
                        System.out.println(percent[0] + " % of " + length + " bytes");
                    }
                });
                System.out.println("fetched " + args[3]);
            }
        } else {
            throw Program.wrongArguments(args);
        }
    }
}
