package org.minip2p.host.book;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.AddressBook;

/** A book in memory that is read from a file and, when it is flushed, written to it. Thread-safe. */
public final class FileAddressBook implements AddressBook {
    private final MemoryAddressBook memory;
    private final BookFile file;
    private final Object writing = new Object();

    /** The version of the book in the file; guarded by {@link #writing}. */
    private long written;

    private FileAddressBook(MemoryAddressBook memory, BookFile file) {
        this.memory = memory;
        this.file = file;
    }

    /**
     * Reads the file; one that does not exist is an empty book. Blocks.
     *
     * @param clock the clock for the expiry of addresses
     * @throws IOException when it, or its folder, cannot be read
     */
    public static FileAddressBook open(Path path, InstantSource clock) throws IOException {
        return open(path, clock, BookLimits.STANDARD);
    }

    static FileAddressBook open(Path path, InstantSource clock, BookLimits limits) throws IOException {
        MemoryAddressBook memory = new MemoryAddressBook(clock, limits);
        FileAddressBook book = new FileAddressBook(memory, new BookFile(path));
        int skipped = book.file.read(memory::restore);
        book.written = skipped == 0 ? memory.changes() : -1;
        return book;
    }

    @Override
    public void flush() throws IOException {
        synchronized (writing) {
            long now = memory.changes();
            if (now != written) {
                file.write(memory.all());
                written = now;
            }
        }
    }

    @Override
    public List<Known> known(PeerId peer) {
        return memory.known(peer);
    }

    @Override
    public List<PeerId> peers() {
        return memory.peers();
    }

    @Override
    public void add(PeerId peer, Multiaddr address) {
        memory.add(peer, address);
    }

    @Override
    public void add(PeerId peer, Multiaddr address, Duration timeToLive) {
        memory.add(peer, address, timeToLive);
    }

    @Override
    public void dialed(PeerId peer, Multiaddr address) {
        memory.dialed(peer, address);
    }

    @Override
    public void identified(PeerId peer, List<Multiaddr> addresses) {
        memory.identified(peer, addresses);
    }

    @Override
    public void connected(PeerId peer) {
        memory.connected(peer);
    }

    @Override
    public void disconnected(PeerId peer) {
        memory.disconnected(peer);
    }

    @Override
    public boolean remove(PeerId peer, Multiaddr address) {
        return memory.remove(peer, address);
    }

    @Override
    public boolean forget(PeerId peer) {
        return memory.forget(peer);
    }

    @Override
    public String toString() {
        return "address book " + file;
    }
}
