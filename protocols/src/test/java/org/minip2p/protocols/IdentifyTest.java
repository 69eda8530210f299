package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import com.google.protobuf.ByteString;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.Connection;
import org.minip2p.host.Stream;
import org.minip2p.multistream.UnsupportedProtocolException;
import org.minip2p.protocols.pb.IdentifyMessage;

/** Identify and its push between two hosts. */
class IdentifyTest {
    private static final String AGENT = "minip2p/0.1.0";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final ProtocolId NEW = new ProtocolId("/new/1");

    private HostPair hosts;

    @BeforeEach
    void start() throws Exception {
        hosts = new HostPair();
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    @Test
    @Conforms({"IDN-1", "IDN-11", "IDN-14", "IDN-16", "IDN-29"})
    void bothSidesKnowEachOtherWithoutBeingAsked() throws Exception {
        Identify there = Identify.install(hosts.dialer, AGENT);
        Identify here = Identify.install(hosts.listener, "other/2");
        Connection connection = hosts.connect();

        IdentifyInfo listener =
                eventually(() -> there.known(hosts.listener.peerId()).orElse(null));
        IdentifyInfo dialer = eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));

        assertThat(listener.agentVersion()).isEqualTo("other/2");
        assertThat(listener.publicKey()).isEqualTo(hosts.listener.publicKey());
        assertThat(listener.protocols()).containsExactlyInAnyOrder(Identify.ID, Identify.PUSH_ID);
        assertThat(listener.listenAddresses())
                .isEqualTo(hosts.listener.addresses().stream()
                        .map(Multiaddr::withoutPeerId)
                        .toList());
        assertThat(listener.observedAddress()).contains(connection.localAddress());
        assertThat(dialer.agentVersion()).isEqualTo(AGENT);
        assertThat(dialer.listenAddresses()).isEmpty();
    }

    /** js does not end its side before it has read the answer. */
    @Test
    @Conforms("IDN-2")
    void answersAtOnceAndEndsWithoutWaitingForThePeer() throws Exception {
        Identify.install(hosts.listener, AGENT);
        Connection connection = hosts.connect();

        RawStream raw = RawStream.open(connection, Identify.ID);

        assertThat(get(raw.received)).hasSizeBetween(50, 4096);
    }

    /** Once a connection; and a question that is asked meanwhile joins the one under way. */
    @Test
    @Conforms("IDN-29")
    void asksOnceOnEachConnection() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Stream> question = new CompletableFuture<>();
        hosts.listener.handle(Identify.ID, stream -> {
            asked.incrementAndGet();
            question.complete(stream);
        });
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();
        Stream stream = get(question);

        CompletableFuture<IdentifyInfo> joined = identify.identify(connection);
        say(stream, message("other/3"));

        assertThat(get(joined).agentVersion()).isEqualTo("other/3");
        assertThat(asked).hasValue(1);
    }

    /** Connections from before. */
    @Test
    @Conforms("IDN-29")
    void asksOnConnectionsThatAreThereAlready() throws Exception {
        Identify.install(hosts.listener, AGENT);
        hosts.connect();

        Identify late = Identify.install(hosts.dialer, AGENT);

        eventually(() -> late.known(hosts.listener.peerId()).orElse(null));
    }

    @Test
    @Conforms({"IDN-25", "IDN-30"})
    void aMutePeerHoldsNothingUp() throws Exception {
        CompletableFuture<Stream> question = new CompletableFuture<>();
        RawStream mute = new RawStream();
        hosts.listener.handle(Identify.ID, stream -> {
            mute.attach(stream);
            question.complete(stream);
        });
        Ping.install(hosts.listener);
        Ping ping = Ping.install(hosts.dialer);
        Identify identify = Identify.install(hosts.dialer, AGENT, SHORT, LONG);
        Connection connection = hosts.connect();
        CompletableFuture<IdentifyInfo> info = identify.identify(connection);
        get(question);

        assertThat(get(ping.ping(connection))).isPositive();

        assertThat(Failures.of(info)).isInstanceOf(ProtocolTimeoutException.class);
        assertThat(Failures.of(mute.received)).isInstanceOf(IOException.class);
        assertThat(identify.known(hosts.listener.peerId())).isEmpty();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("IDN-30")
    void aPeerWithoutIdentifyStaysConnected() throws Exception {
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();

        assertThat(Failures.of(identify.identify(connection))).isInstanceOf(UnsupportedProtocolException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test // SEC-57
    @Conforms("IDN-10")
    void doesNotBelieveAnotherKey() throws Exception {
        byte[] other = PrivateKey.generate(KeyType.ED25519).publicKey().encoded();
        hosts.listener.handle(
                Identify.ID,
                stream -> say(
                        stream,
                        message("liar/1").toBuilder()
                                .setPublicKey(ByteString.copyFrom(other))
                                .build()));
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();

        assertThat(Failures.of(identify.identify(connection))).isInstanceOf(IdentifyFailedException.class);
        assertThat(identify.known(hosts.listener.peerId())).isEmpty();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("IDN-17")
    void anotherProtocolVersionChangesNothing() throws Exception {
        hosts.listener.handle(
                Identify.ID,
                stream -> say(
                        stream,
                        message("other/1").toBuilder()
                                .setProtocolVersion(ByteString.copyFromUtf8("something/9"))
                                .build()));
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();

        assertThat(get(identify.identify(connection)).protocolVersion()).isEqualTo("something/9");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("IDN-15")
    void whatAPeerObservesChangesNoAddressOfOurs() throws Exception {
        hosts.listener.handle(
                Identify.ID,
                stream -> say(
                        stream,
                        message("other/1").toBuilder()
                                .setObservedAddr(ByteString.copyFrom(Multiaddr.parse("/ip4/198.51.100.7/tcp/5")
                                        .bytes()))
                                .build()));
        Identify identify = Identify.install(hosts.dialer, AGENT);

        get(identify.identify(hosts.connect()));

        assertThat(hosts.dialer.addresses()).isEmpty();
    }

    /** Nothing is kept of strangers. */
    @Test // SEC-59
    void forgetsAPeerThatIsGone() throws Exception {
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Identify.install(hosts.listener, AGENT);
        Connection connection = hosts.connect();
        eventually(() -> identify.known(hosts.listener.peerId()).orElse(null));

        get(connection.close());

        eventually(() -> identify.known(hosts.listener.peerId()).isEmpty() ? true : null);
    }

    @Test
    @Conforms({"IDN-3", "IDN-27", "IDN-28"})
    void pushesWhenItsProtocolsChange() throws Exception {
        Identify there = Identify.install(hosts.dialer, AGENT);
        Identify here = Identify.install(hosts.listener, AGENT, LONG, Duration.ofMillis(20));
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));
        eventually(() -> there.known(hosts.listener.peerId()).orElse(null));

        hosts.listener.handle(NEW, stream -> {});

        IdentifyInfo after = eventually(() -> there.known(hosts.listener.peerId())
                .filter(info -> info.protocols().contains(NEW))
                .orElse(null));
        assertThat(after.protocols()).contains(Identify.ID, Identify.PUSH_ID);
        assertThat(after.listenAddresses()).isNotEmpty();
    }

    @Test
    @Conforms("IDN-28")
    void pushesOnceForChangesCloseTogether() throws Exception {
        AtomicInteger pushes = new AtomicInteger();
        hosts.dialer.handle(Identify.PUSH_ID, stream -> {
            pushes.incrementAndGet();
            stream.channel().close();
        });
        hosts.dialer.handle(
                Identify.ID,
                stream -> say(
                        stream,
                        message("a/1").toBuilder()
                                .addProtocols(ByteString.copyFromUtf8(Identify.PUSH_ID.value()))
                                .build()));
        Identify here = Identify.install(hosts.listener, AGENT, LONG, LONG);
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));

        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(here.push());
        }
        for (CompletableFuture<Void> one : asked) {
            get(one);
        }

        assertThat(pushes).hasValueBetween(1, 2);
    }

    @Test
    void pushesToAPeerThatBecameKnownAfterTheChangeItMissed() throws Exception {
        CompletableFuture<Stream> question = new CompletableFuture<>();
        CompletableFuture<Void> pushed = new CompletableFuture<>();
        hosts.dialer.handle(Identify.ID, question::complete);
        hosts.dialer.handle(Identify.PUSH_ID, stream -> {
            pushed.complete(null);
            stream.channel().close();
        });
        Identify here = Identify.install(hosts.listener, AGENT, LONG, LONG);
        hosts.connect();
        Stream asked = get(question);
        hosts.listener.handle(NEW, stream -> {});
        get(here.push());
        assertThat(pushed).isNotDone();

        say(
                asked,
                message("a/1").toBuilder()
                        .addProtocols(ByteString.copyFromUtf8(Identify.PUSH_ID.value()))
                        .build());

        get(pushed);
    }

    /** Not to those that do not list it. */
    @Test
    @Conforms("IDN-28")
    void pushesToNobodyWhoDoesNotListIt() throws Exception {
        AtomicInteger pushes = new AtomicInteger();
        hosts.dialer.handle(Identify.PUSH_ID, stream -> pushes.incrementAndGet());
        hosts.dialer.handle(Identify.ID, stream -> say(stream, message("a/1")));
        Identify here = Identify.install(hosts.listener, AGENT);
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));

        get(here.push());

        assertThat(pushes).hasValue(0);
    }

    @Test
    @Conforms({"IDN-3", "IDN-26", "IDN-35"})
    void takesAPushAndKeepsWhatItDoesNotName() throws Exception {
        Identify here = Identify.install(hosts.listener, AGENT);
        Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();
        IdentifyInfo before = eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));

        RawStream raw = RawStream.open(connection, Identify.PUSH_ID)
                .send(framed(message("pushed/1")))
                .end();

        assertThat(get(raw.received)).isEmpty();
        IdentifyInfo after = eventually(() -> here.known(hosts.dialer.peerId())
                .filter(info -> info.agentVersion().equals("pushed/1"))
                .orElse(null));
        assertThat(after.protocols()).isEqualTo(before.protocols());
    }

    /** Late. */
    @Test
    @Conforms("IDN-25")
    void resetsAPushThatDoesNotEnd() throws Exception {
        Identify here = Identify.install(hosts.listener, AGENT, SHORT, LONG);
        Connection connection = hosts.connect();

        RawStream raw = RawStream.open(connection, Identify.PUSH_ID).send(framed(message("late/1")));

        assertThat(Failures.of(raw.received)).isInstanceOf(IOException.class);
        assertThat(here.known(hosts.dialer.peerId())).isEmpty();
    }

    @Test
    @Conforms("IDN-34")
    void refusesAPeerThatAsksTooOften() throws Exception {
        Identify.install(hosts.listener, AGENT);
        Connection connection = hosts.connect();

        Throwable refused = null;
        int answered = 0;
        while (refused == null && answered < 1000) {
            RawStream raw = RawStream.open(connection, Identify.ID);
            try {
                get(raw.received);
                answered++;
                raw.end();
            } catch (ExecutionException e) {
                refused = e.getCause();
            }
        }

        assertThat(refused).isInstanceOf(IOException.class);
        assertThat(answered).isEqualTo(60);
        assertThat(connection.isOpen()).isTrue();
    }

    private static IdentifyMessage message(String agent) {
        return IdentifyMessage.newBuilder()
                .setAgentVersion(ByteString.copyFromUtf8(agent))
                .build();
    }

    private static void say(Stream stream, IdentifyMessage message) {
        Channel channel = stream.channel();
        channel.writeAndFlush(OwnIdentity.framed(message, channel.alloc()));
        channel.close();
    }

    private static byte[] framed(IdentifyMessage message) {
        byte[] body = message.toByteArray();
        byte[] all = new byte[body.length + 1];
        all[0] = (byte) body.length;
        System.arraycopy(body, 0, all, 1, body.length);
        return all;
    }
}
