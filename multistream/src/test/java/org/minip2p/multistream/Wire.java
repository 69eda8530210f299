package org.minip2p.multistream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes bytes as the other end would write them, without the code under test. */
public final class Wire {
    public static final String HEADER = "/multistream/1.0.0";

    private Wire() {}

    /** Messages, one after the other. */
    public static byte[] messages(String... texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String text : texts) {
            out.writeBytes(message(text.getBytes(StandardCharsets.UTF_8)));
        }
        return out.toByteArray();
    }

    /** A message whose text may be any bytes. */
    public static byte[] message(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = text.length + 1;
        while (length > 0x7f) {
            out.write((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(text);
        out.write('\n');
        return out.toByteArray();
    }

    /** The pieces, joined. */
    public static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }
}
