package org.minip2p.host;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/**
 * The application's requests to a host's dialer. It reports an invalid request at once, and starts no dial when the host is closing. Thread-safe.
 */
final class HostDials {
    private final HostParts parts;
    private final HostEnd end;

    HostDials(HostParts parts, HostEnd end) {
        this.parts = parts;
        this.end = end;
    }

    /** As {@link Host#dial(Multiaddr)}. */
    CompletableFuture<Connection> to(Multiaddr address) {
        return to(requirePeer(address), List.of(address));
    }

    /** As {@link Host#dial(PeerId, List)}. */
    CompletableFuture<Connection> to(PeerId peer, List<Multiaddr> addresses) {
        List<Multiaddr> own = addresses.stream()
                .filter(address -> address.peerId().map(peer::equals).orElse(true))
                .toList();
        return unlessClosing(() -> parts.dialer.connect(peer, own));
    }

    /** As {@link Host#dial(PeerId)}. */
    CompletableFuture<Connection> to(PeerId peer) {
        Objects.requireNonNull(peer);
        return unlessClosing(() -> parts.dialer.connect(peer));
    }

    /** As {@link Host#dial(Multiaddr, DialOptions)}. */
    CompletableFuture<Connection> to(Multiaddr address, DialOptions options) {
        PeerId peer = peer(address, options);
        return unlessClosing(() -> parts.dialer.dial(peer, address, options.condition()));
    }

    /** As {@link Host#keepConnected(PeerId, KeptConnection.Listener)}. */
    KeptConnection keep(PeerId peer, KeptConnection.Listener listener) throws HostClosedException {
        Objects.requireNonNull(listener);
        if (parts.self.equals(Objects.requireNonNull(peer))) {
            throw new IllegalArgumentException("expected another peer, got this host itself: " + peer);
        }
        if (end.hasBegun()) {
            throw new HostClosedException();
        }
        return parts.kept.keep(peer, listener);
    }

    private CompletableFuture<Connection> unlessClosing(Supplier<CompletableFuture<Connection>> dial) {
        return end.hasBegun() ? CompletableFuture.failedFuture(new HostClosedException()) : dial.get();
    }

    private static @Nullable PeerId peer(Multiaddr address, DialOptions options) {
        return options.anyPeer() ? address.peerId().orElse(null) : requirePeer(address);
    }

    private static PeerId requirePeer(Multiaddr address) {
        return address.peerId()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the address names no peer: " + address + "; expected /p2p/<peer id> at its end"));
    }
}
