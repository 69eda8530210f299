package org.minip2p.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The few commands of Redis that the public transport tests need, over one blocking socket.
 *
 * <p>A request is an array of bulk strings, {@code *2\r\n$4\r\nPING\r\n…}; a reply is a line by its first byte: {@code +} text, {@code -} an error,
 * {@code :} a number, {@code $} a bulk string, {@code *} an array. Not thread-safe.
 */
final class RedisClient implements AutoCloseable {
    /** Longer than any address, and than any error of the server. */
    private static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_ELEMENTS = 16;

    /** What a reply may take beyond the time that it was asked to wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connects, and sees that the server answers. */
    static RedisClient connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            RedisClient client = new RedisClient(socket);
            client.command(Duration.ZERO, "PING");
            return client;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Appends a text to a list. */
    void push(String key, String value) throws IOException {
        command(Duration.ZERO, "RPUSH", key, value);
    }

    /**
     * Takes the first text of a list, and waits until there is one.
     *
     * @param wait how long at most, whole seconds, more than none
     * @return the text, or null when there was none in time
     */
    @Nullable String pop(String key, Duration wait) throws IOException {
        Object reply = command(wait, "BLPOP", key, Long.toString(wait.toSeconds()));
        if (reply == null) {
            return null;
        }
        if (reply instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof String value) {
            return value;
        }
        throw new IOException("expected a key and a value of redis, got " + reply);
    }

    private @Nullable Object command(Duration wait, String... words) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("*" + words.length + "\r\n"));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            request.writeBytes(ascii("$" + bytes.length + "\r\n"));
            request.writeBytes(bytes);
            request.writeBytes(ascii("\r\n"));
        }
        socket.setSoTimeout((int) wait.plus(PATIENCE).toMillis());
        request.writeTo(out);
        out.flush();
        return reply();
    }

    private @Nullable Object reply() throws IOException {
        String line = line();
        if (line.isEmpty()) {
            throw new IOException("expected a reply of redis, got an empty line");
        }
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> throw new IOException("redis refused: " + rest);
            case '$' -> bulk(number(rest, MAX_BYTES));
            case '*' -> array(number(rest, MAX_ELEMENTS));
            default -> throw new IOException("expected a reply of redis, got: " + line);
        };
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("redis closed the connection");
        }
        if (!line().isEmpty()) {
            throw new IOException("expected the end of a text of " + length + " bytes of redis, got more");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(reply());
        }
        return elements;
    }

    private static int number(String text, int max) throws IOException {
        try {
            int number = Integer.parseInt(text);
            if (number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IOException("expected a length of at most " + max + " of redis, got: " + text);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("redis closed the connection");
            }
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (next != '\r') {
                line.write(next);
            }
            if (line.size() > MAX_BYTES) {
                throw new IOException("expected a line of at most " + MAX_BYTES + " bytes of redis");
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
