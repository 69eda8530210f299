package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.address;
import static org.minip2p.examples.Nodes.awaitTrue;
import static org.minip2p.examples.Nodes.listening;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.PeerEnd;

class ChatTest {
    private final Nodes nodes = new Nodes();

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private Chat member(String name, List<String> output) {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        return nodes.closing(new Chat(name, key, Multiaddr.parse(Nodes.LOOPBACK), output::add));
    }

    private ChildProcess<String> process(String name, String listen, String... members) throws Exception {
        String[] arguments = new String[3 + members.length];
        arguments[0] = folder.resolve(name + ".key").toString();
        arguments[1] = name;
        arguments[2] = listen;
        System.arraycopy(members, 0, arguments, 3, members.length);
        return nodes.program(Chat.class, arguments);
    }

    /** A connection from a host that accepts the members' streams and ignores them. Only the test sends on it. */
    private Connection stranger(Chat member) {
        Host host = nodes.host(Host.builder().handle(Chat.ID, PeerEnd.HALF_OPEN, stream -> {}));
        return Nodes.await(host.dial(address(member.host)));
    }

    private static String line(String text) {
        return UUID.randomUUID() + " " + text + "\n";
    }

    private static void send(BlockingStream stream, String text) throws IOException {
        stream.outputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Messages are lost while a member is away, so this repeats a message until one arrives. */
    private static void sayUntilHeard(ChildProcess<String> speaker, String name, ChildProcess<String> hearer)
            throws Exception {
        AtomicInteger said = new AtomicInteger();
        awaitTrue(name + " heard", PROCESS_PATIENCE, () -> {
            String text = "hello " + said.incrementAndGet();
            speaker.send(text);
            return hearer.lastOutput().contains(name + ": hello");
        });
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void twoWhoKnowOnlyAThirdHearOneAnotherBeforeAndAfterItWasKilled() throws Exception {
        ChildProcess<String> middle = process("middle", Nodes.LOOPBACK);
        String address = listening(middle);
        ChildProcess<String> left = process("left", Nodes.LOOPBACK, address);
        ChildProcess<String> right = process("right", Nodes.LOOPBACK, address);
        listening(left);
        listening(right);
        sayUntilHeard(left, "left", right);

        middle.handle().destroyForcibly();
        middle.awaitExit(PROCESS_PATIENCE);
        ChildProcess<String> again =
                process("middle", Multiaddr.parse(address).withoutPeerId().toString());

        assertThat(listening(again)).as("the same peer at the same address").isEqualTo(address);
        sayUntilHeard(right, "right", left);
    }

    @Test
    void eachMessageComesOnceThoughItGoesRoundInACircle() throws Exception {
        List<List<String>> heard =
                List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        List<Chat> members = heard.stream().map(list -> member("one", list)).toList();
        for (Chat member : members) {
            for (Chat other : members) {
                if (member != other) {
                    member.meet(address(other.host));
                }
            }
        }
        for (Chat member : members) {
            awaitTrue(
                    "all connected",
                    () -> member.host.connections().stream()
                                    .map(Connection::remotePeer)
                                    .distinct()
                                    .count()
                            == 2);
        }

        awaitTrue("heard by both", () -> {
            members.get(0).say("again");
            return !heard.get(1).isEmpty() && !heard.get(2).isEmpty();
        });
        members.get(0).say("last");

        awaitTrue(
                "the last one",
                () -> heard.get(1).contains("one: last") && heard.get(2).contains("one: last"));
        assertThat(heard.get(1).stream().filter("one: last"::equals)).hasSize(1);
        assertThat(heard.get(0)).as("its own messages").isEmpty();
    }

    @Test
    void whatWouldObeyATerminalIsEscapedAndALineTooLongIsNotSent() throws Exception {
        List<String> output = new CopyOnWriteArrayList<>();
        Chat member = member("one", output);
        try (BlockingStream stream = BlockingStream.open(stranger(member), Chat.ID)) {
            send(stream, line("\u001b[2J red"));
            awaitTrue("printed", () -> output.contains("\\u001b[2J red"));
        }

        member.say("x".repeat(Chat.MAX_LINE_BYTES));

        assertThat(output).last().isEqualTo("(too long)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no id\n", "\n", "00000000-0000-0000-0000-000000000000 \n", "TOO LONG"})
    void whoSendsGarbageIsResetAndOthersAreHeard(String garbage) throws Exception {
        List<String> output = new CopyOnWriteArrayList<>();
        Chat member = member("one", output);
        Connection bad = stranger(member);
        try (BlockingStream stream = BlockingStream.open(bad, Chat.ID)) {
            send(stream, garbage.equals("TOO LONG") ? "x".repeat(Chat.MAX_LINE_BYTES + 1) + "\n" : garbage);

            assertThatThrownBy(() -> stream.inputStream().read()).isInstanceOf(IOException.class);
            stream.reset();
        }

        try (BlockingStream stream = BlockingStream.open(stranger(member), Chat.ID)) {
            send(stream, line("two: hello"));
            awaitTrue("heard", () -> output.contains("two: hello"));
        }
        assertThat(output).hasSize(1);
    }

    @Test
    void whatIsCutInTheMiddleIsNotHeard() throws Exception {
        List<String> output = new CopyOnWriteArrayList<>();
        Chat member = member("one", output);
        Connection connection = stranger(member);
        try (BlockingStream cut = BlockingStream.open(connection, Chat.ID)) {
            send(cut, UUID.randomUUID() + " two: hel");
            cut.reset();
        }
        try (BlockingStream ended = BlockingStream.open(connection, Chat.ID)) {
            send(ended, UUID.randomUUID() + " two: hello");
        }
        try (BlockingStream whole = BlockingStream.open(stranger(member), Chat.ID)) {
            send(whole, line("two: whole"));
            awaitTrue("heard", () -> !output.isEmpty());
        }

        assertThat(output).containsExactly("two: whole");
    }

    @Test
    void whoDoesNotSpeakItIsNotKept() throws Exception {
        Chat member = member("one", new CopyOnWriteArrayList<>());

        Connection stranger = nodes.connect(member.host);

        Nodes.await(stranger.closed());
    }

    @Test
    void whoDoesNotReadCostsTheOthersNothing() throws Exception {
        List<String> output = new CopyOnWriteArrayList<>();
        Chat member = member("one", new CopyOnWriteArrayList<>());
        Host deaf = nodes.host(Host.builder()
                .handle(
                        Chat.ID,
                        PeerEnd.HALF_OPEN,
                        stream -> stream.channel().config().setAutoRead(false)));
        Nodes.await(deaf.dial(address(member.host)));
        Chat hearing = member("two", output);
        hearing.meet(address(member.host));
        awaitTrue("heard at all", () -> {
            member.say("hello");
            return !output.isEmpty();
        });

        for (int i = 0; i < 1_200; i++) {
            member.say("x".repeat(900));
            if (i % 60 == 0) {
                String mark = "mark " + i;
                awaitTrue("heard", () -> {
                    member.say(mark);
                    return output.contains("one: " + mark);
                });
            }
        }

        assertThat(deaf.connections()).as("connected, though messages are lost").hasSize(1);
    }
}
