package org.minip2p.handshake;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.host.Host;

/** A host that answers handshakes as a test likes, and never starts one by itself. Built on the public API of the host. */
final class Partner implements AutoCloseable {
    /** What is done with a stream that the other side has opened. */
    interface Script {
        /**
         * Called on the stream's event loop, before its first byte is read.
         *
         * @param self whose script it is
         * @param exchange the stream
         * @param number of this exchange, from 0
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

    /** Answers with these bytes when a whole request has come. */
    static void answer(RawStream exchange, byte[] response) {
        exchange.received.thenAccept(request -> exchange.send(response).end());
    }

    /** The node info that it should answer with. */
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
