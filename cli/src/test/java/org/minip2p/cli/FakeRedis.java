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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** As much of Redis as the public transport tests use: one list, PING, RPUSH and BLPOP. Any number of clients. */
final class FakeRedis implements AutoCloseable {
    final BlockingQueue<String> list = new LinkedBlockingQueue<>();
    private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

    FakeRedis() throws IOException {
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
            // Closed: the test is over.
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
            // The client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String reply(List<String> words) throws InterruptedException {
        return switch (words.get(0)) {
            case "PING" -> "+PONG\r\n";
            case "RPUSH" -> {
                list.add(words.get(2));
                yield ":1\r\n";
            }
            case "BLPOP" -> {
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
