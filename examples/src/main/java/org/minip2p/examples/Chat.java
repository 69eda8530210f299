package org.minip2p.examples;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostEvent;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamOptions;

/**
 * A chat by flooding: each member passes on messages that it has not seen before. Members may stop and start at any time; the others
 * reconnect to members that they know. The key file makes a member the same peer after a restart.
 *
 * <pre>
 * examples/run Chat alice.key alice /ip4/127.0.0.1/tcp/4001                     prints her address
 * examples/run Chat bob.key bob /ip4/127.0.0.1/tcp/4002 ADDRESS_OF_ALICE…       then type
 * </pre>
 *
 * A message is a line: its id, a space, a text. A member that is offline, or does not read, misses it.
 */
public final class Chat implements AutoCloseable {
    static final ProtocolId ID = new ProtocolId("/examples/chat/1.0.0");
    static final int MAX_LINE_BYTES = 1024;
    private static final int MAX_SEEN = 10_000;
    private static final Pattern MESSAGE = Pattern.compile("(\\S{36}) (.+)");
    private static final String USAGE = "Chat KEY_FILE NAME LISTEN [MEMBER…]";

    private final String name;
    private final Consumer<String> output;
    private final BoundedSet<String> seen = new BoundedSet<>(MAX_SEEN);
    private final Set<ProtocolStream> links = ConcurrentHashMap.newKeySet();
    final Host host;

    Chat(String name, PrivateKey key, Multiaddr listen, Consumer<String> output) {
        this.name = name;
        this.output = output;
        host = Host.builder()
                .identity(key)
                .listen(listen.toString())
                .handle(ID, CLOSE_WITH_PEER, this::receive)
                .listener(this::onEvent)
                .start()
                .join();
    }

    /** Stays connected to a member, through all of its restarts and ours. */
    void meet(Multiaddr address) throws HostClosedException {
        PeerId peer = address.peerId().orElseThrow();
        host.addressBook().add(peer, address);
        host.keepConnected(peer);
    }

    /** Whichever side dialed, each side opens a stream for sending. */
    private void onEvent(Host self, HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            Connection connection = established.connection();
            StreamOptions options = StreamOptions.defaults().withPeerEnd(CLOSE_WITH_PEER);
            connection.openStream(ID, options, this::link).whenComplete((stream, failure) -> {
                if (failure != null) {
                    connection.close();
                }
            });
        }
    }

    /** A connection without the stream is useless: it closes, and the side that keeps it dials again after a while. */
    private void link(ProtocolStream stream) {
        stream.pipeline().addLast(new StringEncoder(StandardCharsets.UTF_8));
        links.add(stream);
        stream.channel().closeFuture().addListener((ChannelFutureListener) closed -> {
            links.remove(stream);
            stream.connection().close();
        });
    }

    private void receive(ProtocolStream stream) {
        stream.pipeline()
                .addLast(new LineBasedFrameDecoder(MAX_LINE_BYTES), new StringDecoder(StandardCharsets.UTF_8))
                .addLast(new SimpleChannelInboundHandler<String>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, String line) throws CorruptedFrameException {
                        Matcher message = MESSAGE.matcher(line);
                        if (!message.matches()) {
                            throw new CorruptedFrameException("expected an id and a text, got " + Printable.of(line));
                        }
                        if (seen.add(message.group(1))) {
                            output.accept(Printable.safe(message.group(2)));
                            flood(line, stream.remotePeer());
                        }
                    }
                });
    }

    /** Sends a text to all members. */
    void say(String text) {
        String line = UUID.randomUUID() + " " + name + ": " + text;
        if (line.getBytes(StandardCharsets.UTF_8).length >= MAX_LINE_BYTES) {
            output.accept("(too long)");
            return;
        }
        seen.add(line.substring(0, 36));
        flood(line, host.peerId());
    }

    /** A member that is not writable now misses this message: nothing is queued for a member that does not read. */
    private void flood(String line, PeerId except) {
        for (ProtocolStream link : links) {
            if (!link.remotePeer().equals(except) && link.channel().isWritable()) {
                link.channel().writeAndFlush(line + "\n");
            }
        }
    }

    /** The last messages are still sent; they need no answer, so there is nothing else to wait for. */
    @Override
    public void close() {
        host.closeAsync(Duration.ofMillis(300)).join();
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        Program.requireArguments(3, args);
        Multiaddr listen = Multiaddr.parse(args[2]);
        Consumer<String> printer = System.out::println;
        try (Chat chat = new Chat(args[1], Program.key(Path.of(args[0])), listen, printer)) {
            System.out.println("listening on " + chat.host.addresses().get(0));
            for (int i = 3; i < args.length; i++) {
                chat.meet(Program.peerAddress(args[i]));
            }
            BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String text = typed.readLine(); text != null; text = typed.readLine()) {
                chat.say(text);
            }
        }
    }
}
