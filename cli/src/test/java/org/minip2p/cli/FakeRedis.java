package org.minip2p.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The part of Redis that the public tests use: PING, one list for all keys with RPUSH and BLPOP, texts by key with SET
 * and GET, and DEL. A key with a text has the wrong type for a list. While the list has an element, every key has the
 * wrong type for GET. Any number of clients may connect.
 */
final class FakeRedis implements AutoCloseable {
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    final BlockingQueue<String> list = new LinkedBlockingQueue<>();
    final Map<String, String> texts = new ConcurrentHashMap<>();

    /** The commands of all clients in order, without PING. */
    final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

    private final ServerSocket server;

    FakeRedis() throws IOException {
        this(0);
    }

    /** Listens on this port. */
    FakeRedis(int port) throws IOException {
        server = new ServerSocket(port, 8, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake redis");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // The server is closed, so the test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = client.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                List<String> words = new ArrayList<>();
                for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
                    in.readLine();
                    words.add(in.readLine());
                }
                out.write(reply(words).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client has left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String reply(List<String> words) throws InterruptedException {
        if (words.get(0).equals("PING")) {
            return "+PONG\r\n";
        }
        commands.add(String.join(" ", words));
        return switch (words.get(0)) {
            case "DEL" -> {
                boolean isGone = texts.remove(words.get(1)) != null || !list.isEmpty();
                list.clear();
                yield isGone ? ":1\r\n" : ":0\r\n";
            }
            case "SET" -> {
                list.clear();
                texts.put(words.get(1), words.get(2));
                yield "+OK\r\n";
            }
            case "GET" -> {
                String text = texts.get(words.get(1));
                yield !list.isEmpty() ? WRONG_TYPE : text == null ? "$-1\r\n" : bulk(text);
            }
            case "RPUSH" -> {
                if (texts.containsKey(words.get(1))) {
                    yield WRONG_TYPE;
                }
                list.add(words.get(2));
                yield ":" + list.size() + "\r\n";
            }
            case "BLPOP" -> {
                if (texts.containsKey(words.get(1))) {
                    yield WRONG_TYPE;
                }
                String value = list.poll(Long.parseLong(words.get(2)), TimeUnit.SECONDS);
                yield value == null ? "*-1\r\n" : "*2\r\n" + bulk(words.get(1)) + bulk(value);
            }
            default -> "-ERR unknown command '" + words.get(0) + "'\r\n";
        };
    }

    private static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
