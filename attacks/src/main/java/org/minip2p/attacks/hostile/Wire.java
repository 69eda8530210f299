package org.minip2p.attacks.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.noise.CipherState;
import org.minip2p.noise.NoiseHandshake;

/**
 * One blocking socket of a raw peer, with an address of its own, that can send anything. After {@link #secure} it speaks Noise; the caller
 * makes the frames. Sending is thread-safe; only one thread may receive.
 */
public final class Wire implements Closeable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 12_000;
    private static final int MESSAGE_BYTES = 65_000;
    private static final int LENGTH_BYTES = 2;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Tally tally;

    private @Nullable CipherState sending;
    private @Nullable CipherState receiving;

    private Wire(Socket socket, Tally tally) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
        this.tally = tally;
    }

    /**
     * Connects, and sends nothing yet.
     *
     * @param victim the address to connect to
     * @param from the local address, any of 127.0.0.0/8
     * @param tally counts what is sent
     */
    public static Wire connect(InetSocketAddress victim, InetAddress from, Tally tally) throws IOException {
        return connect(victim, from, tally, 0);
    }

    /**
     * As above.
     *
     * @param receiveBuffer the size of the socket's receive buffer, in bytes; 0 for the system's
     */
    static Wire connect(InetSocketAddress victim, InetAddress from, Tally tally, int receiveBuffer) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(victim, CONNECT_MILLIS);
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            tally.connected();
            return new Wire(socket, tally);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Agrees on Noise, proves an identity, and negotiates the muxer in the handshake. */
    public Wire secure(Identity identity) throws IOException {
        try (NoiseHandshake handshake = new NoiseHandshake(identity.noise(), Role.INITIATOR, null)) {
            raw(Frames.join(Frames.proposal(NoiseHandshake.PROTOCOL_ID), message(handshake.begin())));
            readLine();
            readLine();
            NoiseHandshake.Outcome outcome = handshake.receive(readMessage());
            if (!(outcome instanceof NoiseHandshake.Complete complete)) {
                throw new IOException("expected the end of the handshake, got " + outcome);
            }
            raw(message(complete.lastMessage().orElseThrow()));
            sending = complete.transport().send();
            receiving = complete.transport().receive();
            return this;
        }
    }

    private static byte[] message(byte[] content) {
        return Frames.join(new byte[] {(byte) (content.length >> 8), (byte) content.length}, content);
    }

    private byte[] readMessage() throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    private void readLine() throws IOException {
        int length = in.readUnsignedByte();
        if (length >= 0x80) {
            length = (length & 0x7f) | in.readUnsignedByte() << 7;
        }
        in.readFully(new byte[length]);
    }

    /** Sends bytes without encryption. */
    public synchronized void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        tally.sent(bytes.length);
    }

    /** Sends bytes encrypted, in as few messages as they need. */
    public void send(byte[] plain) throws IOException {
        send(plain, MESSAGE_BYTES);
    }

    /** Sends bytes encrypted, in messages of at most {@code messageBytes} bytes. */
    synchronized void send(byte[] plain, int messageBytes) throws IOException {
        CipherState cipher = secured(sending);
        ByteArrayOutputStream all = new ByteArrayOutputStream(plain.length + CipherState.TAG_BYTES + LENGTH_BYTES);
        int at = 0;
        do {
            int length = Math.min(messageBytes, plain.length - at);
            byte[] message = Arrays.copyOfRange(plain, at, at + length + CipherState.TAG_BYTES);
            cipher.encrypt(message, 0, length);
            all.writeBytes(message(message));
            at += length;
        } while (at < plain.length);
        raw(all.toByteArray());
    }

    /** Waits for the next message, and returns its plain text. */
    public byte[] receive() throws IOException {
        byte[] message = readMessage();
        secured(receiving).decrypt(message, 0, message.length);
        return Arrays.copyOf(message, message.length - CipherState.TAG_BYTES);
    }

    private static CipherState secured(@Nullable CipherState cipher) {
        if (cipher == null) {
            throw new IllegalStateException("not secured yet");
        }
        return cipher;
    }

    /** Sets how long {@link #receive} and {@link #awaitEnd} wait, in milliseconds; 0 means forever. */
    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Reads and discards data until the other end closes or the wait is over. */
    void awaitEnd() throws IOException {
        byte[] buffer = new byte[1 << 14];
        int read = 0;
        while (read >= 0) {
            read = in.read(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
