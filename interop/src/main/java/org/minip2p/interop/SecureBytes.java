package org.minip2p.interop;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;

/** The content of the secure channel of a recorded connection: negotiation lines, then Yamux frames. */
final class SecureBytes {
    private static final int HEADER_BYTES = 12;
    private static final List<String> TYPES = List.of("data", "window update", "ping", "go away");
    private static final List<String> FLAGS = List.of("SYN", "ACK", "FIN", "RST");

    /**
     * A Yamux frame.
     *
     * @param type 0 data, 1 window update, 2 ping, 3 go away
     * @param flags SYN 1, ACK 2, FIN 4, RST 8
     * @param stream its id
     * @param length the header's last field
     * @param hex the body
     */
    record Frame(int type, int flags, long stream, long length, String hex) {
        boolean has(String flag) {
            return (flags & 1 << FLAGS.indexOf(flag)) != 0;
        }

        byte[] body() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(TYPES.get(type));
            FLAGS.stream().filter(this::has).forEach(flag -> text.append(' ').append(flag));
            text.append(" stream=").append(stream);
            text.append(type == 2 ? " value=" : type == 3 ? " code=" : " length=")
                    .append(length);
            String words = words(body());
            return words.isEmpty() ? text.toString() : text + " \"" + words + "\"";
        }
    }

    /** The lines of the negotiation before Yamux, without their line ends. */
    final List<String> negotiated = new ArrayList<>();

    final List<Frame> frames = new ArrayList<>();

    private SecureBytes(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        while (in.hasRemaining() && in.get(in.position()) != 0) {
            byte[] line = new byte[in.get()];
            in.get(line);
            negotiated.add(new String(line, StandardCharsets.US_ASCII).strip());
        }
        while (in.remaining() >= HEADER_BYTES) {
            in.get();
            int type = in.get();
            int flags = in.getShort();
            long stream = Integer.toUnsignedLong(in.getInt());
            long length = Integer.toUnsignedLong(in.getInt());
            byte[] body = new byte[type == 0 ? (int) Math.min(length, in.remaining()) : 0];
            in.get(body);
            frames.add(new Frame(type, flags, stream, length, HexFormat.of().formatHex(body)));
        }
    }

    /**
     * Decrypts what one side sent.
     *
     * @param sent all its bytes on the socket
     * @param keys the keys of the connection's ciphers; all are tried
     * @param initiator whether the side dialed
     */
    static SecureBytes open(byte[] sent, List<byte[]> keys, boolean initiator) {
        ByteBuffer in = ByteBuffer.wrap(sent);
        while (in.get(in.position()) != 0) { // lines of multistream-select are shorter than a handshake message
            in.position(in.position() + 1 + in.get(in.position()));
        }
        for (int messages = initiator ? 2 : 1; messages > 0; messages--) {
            in.position(in.position() + 2 + Short.toUnsignedInt(in.getShort(in.position())));
        }
        byte[] records = Arrays.copyOfRange(sent, in.position(), sent.length);
        for (byte[] key : keys) {
            try (Aead aead = NoiseCrypto.standard().aead(key)) {
                return new SecureBytes(open(records, aead));
            } catch (AEADBadTagException e) {
                // The key of another cipher.
            }
        }
        throw new IllegalArgumentException("none of " + keys.size() + " keys opens the first record");
    }

    private static byte[] open(byte[] records, Aead aead) throws AEADBadTagException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(records);
        for (long nonce = 0; in.remaining() >= 2; nonce++) {
            byte[] message = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(message);
            aead.open(nonce, new byte[0], message, 0, message.length);
            plain.write(message, 0, message.length - Aead.TAG_BYTES);
        }
        return plain.toByteArray();
    }

    /** Everything as text, in lines. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(negotiated);
        frames.forEach(frame -> lines.add(frame.toString()));
        return lines;
    }

    /** The protocol names and refusals in the multistream-select lines at the beginning of a body. */
    private static String words(byte[] body) {
        List<String> words = new ArrayList<>();
        for (int at = 0; at < body.length && body[at] > 1 && at + body[at] < body.length; at += 1 + body[at]) {
            String line = new String(body, at + 1, body[at], StandardCharsets.ISO_8859_1);
            if (!line.endsWith("\n") || !line.strip().matches("[ -~]+")) {
                break;
            }
            words.add(line.strip());
        }
        return String.join(" ", words);
    }
}
