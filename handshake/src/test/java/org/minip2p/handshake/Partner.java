package org.minip2p.handshake;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.host.Host;

/** A host that answers handshakes as a test wants, and never starts one itself. It uses the public API of the host. */
final class Partner implements AutoCloseable {
    /** Handles the streams that the other side opens. */
    interface Script {
        /**
         * Called on the stream's event loop, before its first byte is read.
         *
         * @param self the partner that runs the script
         * @param exchange the stream
         * @param number the number of this exchange, from 0
         */
        void opened(Partner self, RawStream exchange, int number);
    }

    final Host host;
    private final AtomicInteger requests = new AtomicInteger();

    Partner(Script script) throws Exception {
        host = Node.bareHost();
        host.handle(
                NodeInfoHandshake.ID,
                HALF_OPEN,
                stream -> script.opened(this, RawStream.attach(stream), requests.getAndIncrement()));
    }

    /** Answers with these bytes once the whole request has arrived. */
    static void answer(RawStream exchange, byte[] response) {
        exchange.received.thenAccept(request -> exchange.send(response).end());
    }

    /** The sealed node info that a correct answer contains. */
    byte[] envelope() {
        return Node.INFO.seal(host);
    }

    /** How many exchanges the other side has started. */
    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        Node.close(host);
    }
}
