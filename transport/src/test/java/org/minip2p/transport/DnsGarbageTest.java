package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;

/** A DNS server that answers with garbage. */
class DnsGarbageTest {
    private static final String ADDRESS = "/ip4/127.0.0.1/tcp/4001";
    private static final int TXT = 16;
    private static final int CNAME = 5;

    private final TcpTransport transport = new TcpTransport(IoBackend.nio(), 1);
    private final DatagramSocket server;

    DnsGarbageTest() throws SocketException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() {
        server.close();
        transport.shutdown().orTimeout(15, TimeUnit.SECONDS).join();
    }

    /** The answer to the question for N.example is cut off after N bytes. */
    // SEC-H25
    @Test
    void fallsForNoAnswerThatIsCutAnywhere() {
        serve((name, question) -> {
            byte[] whole = answer(question, TXT, txt("dnsaddr=" + ADDRESS));
            return Arrays.copyOf(whole, Math.min(number(name), whole.length));
        });
        DnsaddrResolver resolver = resolver(Duration.ofSeconds(3));
        List<CompletableFuture<List<Multiaddr>>> cut = new ArrayList<>();
        int whole = answer(question("_dnsaddr.50.example"), TXT, txt("dnsaddr=" + ADDRESS)).length;

        CompletableFuture<List<Multiaddr>> complete = resolver.resolve(Multiaddr.parse("/dnsaddr/999.example"));
        for (int i = 10; i < whole; i++) {
            cut.add(resolver.resolve(Multiaddr.parse("/dnsaddr/" + i + ".example")));
        }

        assertThat(complete.orTimeout(15, TimeUnit.SECONDS).join()).containsExactly(Multiaddr.parse(ADDRESS));
        assertThat(cut).allSatisfy(each -> assertThat(failure(each)).isInstanceOf(NameNotResolvedException.class));
    }

    // SEC-H25
    @ParameterizedTest
    @ValueSource(
            strings = {
                "random",
                "nothing",
                "other-id",
                "other-question",
                "lying-length",
                "empty-record",
                "name-loop",
                "alias-loop",
                "terminal"
            })
    void failsInTimeWhateverComes(String kind) {
        serve((name, question) -> switch (kind) {
            case "random" -> {
                byte[] random = new byte[300];
                new SplittableRandom(7).nextBytes(random);
                System.arraycopy(question, 0, random, 0, 2);
                yield random;
            }
            case "nothing" -> new byte[0];
            case "other-id" -> {
                byte[] other = answer(question, TXT, txt("dnsaddr=" + ADDRESS));
                other[0] ^= 1;
                yield other;
            }
            case "other-question" -> {
                byte[] asked = question.clone();
                asked[14] ^= 1;
                yield answer(asked, TXT, txt("dnsaddr=" + ADDRESS));
            }
            case "lying-length" -> answer(question, TXT, new byte[] {(byte) 255, 'd', 'n', 's'});
            case "empty-record" -> answer(question, TXT, new byte[0]);
            case "name-loop" -> {
                byte[] loop = answer(question, TXT, txt("dnsaddr=" + ADDRESS));
                int end = question(name).length;
                loop[end] = (byte) 0xc0;
                loop[end + 1] = (byte) end;
                yield loop;
            }
            case "alias-loop" -> answer(question, CNAME, new byte[] {(byte) 0xc0, 12});
            case "terminal" -> answer(question, TXT, txt("dnsaddr=/dns4/\u001b[2J.example/tcp/1"));
            default -> throw new IllegalArgumentException(kind);
        });

        Throwable failure = failure(resolver(Duration.ofMillis(500)).resolve(Multiaddr.parse("/dnsaddr/any.example")));

        assertThat(failure).isInstanceOf(NameNotResolvedException.class);
        assertThat(failure.getMessage()).contains("_dnsaddr.any.example").doesNotContain("\u001b");
    }

    private DnsaddrResolver resolver(Duration timeout) {
        return new DnsaddrResolver(
                transport,
                GlobalEventExecutor.INSTANCE,
                timeout,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())));
    }

    /** Answers each question, depending on the name in it, until the server is closed. */
    private void serve(BiFunction<String, byte[], byte[]> answers) {
        Thread thread = new Thread(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (!server.isClosed()) {
                try {
                    server.receive(packet);
                    byte[] asked = Arrays.copyOf(packet.getData(), packet.getLength());
                    byte[] answer = answers.apply(nameOf(asked), questionAlone(asked));
                    server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (SocketException e) {
                    return; // the test is over
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** The labels after the header, joined with dots. */
    private static String nameOf(byte[] message) {
        StringBuilder name = new StringBuilder();
        for (int at = 12; message[at] != 0; at += message[at] + 1) {
            name.append(name.length() == 0 ? "" : ".")
                    .append(new String(message, at + 1, message[at], StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    /** The header and the question, without the record that EDNS adds. */
    private static byte[] questionAlone(byte[] message) {
        byte[] alone = Arrays.copyOf(message, question(nameOf(message)).length);
        alone[11] = 0;
        return alone;
    }

    private static byte[] question(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, TXT, 0, 1});
        return out.toByteArray();
    }

    private static byte[] answer(byte[] question, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = question.clone();
        header[2] |= (byte) 0x80;
        header[7] = 1;
        out.writeBytes(header);
        out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60, 0, (byte) data.length});
        out.writeBytes(data);
        return out.toByteArray();
    }

    private static byte[] txt(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        byte[] data = new byte[bytes.length + 1];
        data[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, data, 1, bytes.length);
        return data;
    }

    private static int number(String name) {
        return Integer.parseInt(name.replaceAll("\\D", ""));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            Object value = future.orTimeout(15, TimeUnit.SECONDS).join();
            throw new AssertionError("expected a failure, but came " + value);
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }
}
