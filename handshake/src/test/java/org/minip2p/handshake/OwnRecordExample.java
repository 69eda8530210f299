package org.minip2p.handshake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.PeerEnd;

/** An application that exchanges its own signed record, here a text, over its own protocol. */
final class OwnRecordExample {
    private static final ProtocolId PROTOCOL = new ProtocolId("/example/greeting/1.0.0");
    private static final String DOMAIN = "example";
    private static final byte[] TYPE = "example/greeting".getBytes(StandardCharsets.US_ASCII);

    private final Host host;
    private final String greeting;

    OwnRecordExample(Host host, String greeting, Executor blocking) {
        this.host = host;
        this.greeting = greeting;
        host.handle(PROTOCOL, PeerEnd.HALF_OPEN, stream -> {
            PeerId peer = stream.remotePeer();
            BlockingStream.handler(blocking, exchange -> {
                        String theirs = read(exchange, peer);
                        if (!theirs.isEmpty()) {
                            write(exchange);
                        }
                    })
                    .opened(stream);
        });
    }

    /** Sends our greeting and returns the peer's. Blocks. */
    String greet(Connection connection) throws IOException {
        try (BlockingStream exchange = BlockingStream.open(connection, PROTOCOL)) {
            write(exchange);
            return read(exchange, connection.remotePeer());
        }
    }

    private void write(BlockingStream exchange) throws IOException {
        byte[] payload = greeting.getBytes(StandardCharsets.UTF_8);
        exchange.outputStream().write(SignedEnvelope.seal(host, DOMAIN, TYPE, payload));
        exchange.closeOutput();
    }

    private static String read(BlockingStream exchange, PeerId peer) throws IOException {
        byte[] received = exchange.inputStream().readNBytes(SignedEnvelope.MAX_BYTES + 1);
        SignedEnvelope envelope = SignedEnvelope.open(received, DOMAIN, TYPE);
        if (!envelope.signerId().equals(peer)) {
            throw new IOException("expected an envelope of " + peer + ", got one of " + envelope.signerId());
        }
        return new String(envelope.payload(), StandardCharsets.UTF_8);
    }
}
