package org.minip2p.attacks.hostile;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.minip2p.protocols.pb.IdentifyMessage;

/** Identify pushes with many small parts: addresses with thousands of components, or a thousand protocols. */
final class IdentifyPushes implements Attack {
    private static final int PEERS = 16;
    private static final int ADDRESSES = 10;
    private static final int ADDRESS_BYTES = 7_000;
    private static final int PROTOCOLS = 1_000;

    @Override
    public Description description() {
        return Description.of(
                        "identify-pushes",
                        "SEC-56 SEC-59 SEC-61 SEC-H2 SEC-H22",
                        PEERS
                                + " peers at once push identify messages of 80 KiB, addresses of thousands of components or a thousand "
                                + "protocols, and come again as others")
                .striking(100)
                .smoke();
    }

    @Override
    public void run(Battlefield field) throws InterruptedException {
        byte[] proposal = Frames.proposal("/ipfs/id/push/1.0.0");
        byte[] addresses = addresses();
        byte[] protocols = protocols();
        field.strike(PEERS, thread -> {
            try (Peer peer = field.peer(Battlefield.address(thread))) {
                for (int i = 0; i < 8 && !field.isOver() && !peer.hasEnded(); i++) {
                    byte[] body = Frames.join(proposal, i % 2 == 0 ? addresses : protocols);
                    long stream = 2L * i + 1;
                    peer.send(Frames.data(Frames.SYN | Frames.FIN, stream, body));
                    field.tally().struck(1);
                    field.pause(20);
                }
                field.pause(200);
            }
        });
    }

    /** Ten messages, each with one address that has as many components as fit. */
    private static byte[] addresses() {
        byte[] all = {};
        for (int i = 0; i < ADDRESSES; i++) {
            byte[] address = new byte[ADDRESS_BYTES];
            for (int at = 0; at + 1 < address.length; at += 2) {
                address[at] = (byte) 0xe0; // the code of http, a component without a value: 480 as a varint
                address[at + 1] = 0x03;
            }
            all = Frames.join(all, message(IdentifyMessage.newBuilder().addListenAddrs(ByteString.copyFrom(address))));
        }
        return all;
    }

    /** Ten messages with a hundred protocols each. */
    private static byte[] protocols() {
        byte[] all = {};
        for (int i = 0; i < ADDRESSES; i++) {
            IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
            for (int k = 0; k < PROTOCOLS / ADDRESSES; k++) {
                message.addProtocols(ByteString.copyFrom("/p/" + i + "/" + k + "x".repeat(50), StandardCharsets.UTF_8));
            }
            all = Frames.join(all, message(message));
        }
        return all;
    }

    private static byte[] message(IdentifyMessage.Builder message) {
        return Frames.withLength(message.build().toByteArray());
    }
}
