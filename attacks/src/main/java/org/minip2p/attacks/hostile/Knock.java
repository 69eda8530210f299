package org.minip2p.attacks.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collections;

/** The smallest check that a host serves a peer: a connection, a stream, and one ping on it. */
public final class Knock {
    private static final int PING_BYTES = 32;
    private static final byte PATTERN = 0x5a;

    private Knock() {}

    /**
     * Connects, pings once, and closes.
     *
     * @throws IOException if any step fails, or if no byte arrives for 12 s
     */
    public static void ping(InetSocketAddress host, InetAddress from, Identity identity, Tally tally)
            throws IOException {
        byte[] question = new byte[PING_BYTES];
        Arrays.fill(question, PATTERN);
        try (Wire wire = Wire.connect(host, from, tally)) {
            wire.secure(identity);
            wire.send(Frames.data(Frames.SYN, 1, Frames.join(Frames.proposal("/ipfs/ping/1.0.0"), question)));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (!answers(all.toByteArray(), question)) {
                all.writeBytes(wire.receive());
            }
        }
    }

    /** Whether the received bytes contain the question. */
    private static boolean answers(byte[] received, byte[] question) {
        return Collections.indexOfSubList(list(received), list(question)) >= 0;
    }

    private static java.util.List<Byte> list(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return Arrays.asList(boxed);
    }
}
