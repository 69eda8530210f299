package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import com.google.protobuf.ByteString;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.Varint;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;
import org.minip2p.protocols.pb.IdentifyMessage;

/** Identify and Identify Push between two hosts. */
class IdentifyTest {
    private static final String AGENT = "minip2p/0.1.0";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);
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

    /** js-libp2p does not end its side before it has read the answer. */
    @Test
    @Conforms("IDN-2")
    void answersAtOnceAndEndsWithoutWaitingForThePeer() throws Exception {
        Identify.install(hosts.listener, AGENT);
        Connection connection = hosts.connect();

        RawStream raw = RawStream.open(connection, Identify.ID);

        assertThat(get(raw.received)).hasSizeBetween(50, 4096);
    }

    @Test
    @Conforms({"IDN-2", "IDN-35"})
    void asksWithoutAWord() throws Exception {
        RawStream asked = new RawStream();
        hosts.listener.handle(Identify.ID, HALF_OPEN, stream -> {
            asked.attach(stream);
            say(stream.channel(), message("other/1"));
            stream.channel().shutdownOutput();
        });
        Identify identify = Identify.install(hosts.dialer, AGENT);

        hosts.connect();

        assertThat(get(asked.received)).isEmpty();
        assertThat(eventually(() -> identify.known(hosts.listener.peerId()).orElse(null))
                        .agentVersion())
                .isEqualTo("other/1");
    }

    /** Identify asks once on each connection. A call that comes meanwhile joins the pending question. */
    @Test
    @Conforms("IDN-29")
    void asksOnceOnEachConnection() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<ProtocolStream> question = new CompletableFuture<>();
        hosts.listener.handle(Identify.ID, HALF_OPEN, stream -> {
            asked.incrementAndGet();
            question.complete(stream);
        });
        Identify identify = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();
        ProtocolStream stream = get(question);

        CompletableFuture<IdentifyInfo> joined = identify.identify(connection);
        say(stream, message("other/3"));

        assertThat(get(joined).agentVersion()).isEqualTo("other/3");
        assertThat(asked).hasValue(1);
    }

    /** Identify also asks on connections that are older than its installation. */
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
        CompletableFuture<ProtocolStream> question = new CompletableFuture<>();
        RawStream mute = new RawStream();
        hosts.listener.handle(Identify.ID, HALF_OPEN, stream -> {
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
                HALF_OPEN,
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
                HALF_OPEN,
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
                HALF_OPEN,
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

    /** Identify keeps nothing about strangers that have disconnected, even if they said as much as the limits allow. */
    @Test // SEC-59
    void forgetsPeersThatAreGoneHoweverMuchTheyHaveSaid() throws Exception {
        Identify identify = Identify.install(hosts.listener, AGENT);
        hosts.listen();
        List<PeerId> strangers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try (Host stranger = get(Host.builder()
                    .eventLoops(1)
                    .handle(Identify.ID, HALF_OPEN, stream -> {
                        for (int piece = 0; piece < 10; piece++) {
                            say(stream.channel(), longNames(piece));
                        }
                        stream.channel().close();
                    })
                    .start())) {
                strangers.add(stranger.peerId());
                get(stranger.dial(hosts.listener.addresses().get(0)));
                IdentifyInfo said =
                        eventually(() -> identify.known(stranger.peerId()).orElse(null));
                assertThat(said.protocols()).hasSizeGreaterThan(10);
                assertThat(IdentifyContent.bytes(said)).isLessThanOrEqualTo(IdentifyContent.MAX_PEER_BYTES + 2048);
            }
            eventually(() -> identify.known(strangers.get(strangers.size() - 1)).isEmpty() ? true : null);
        }

        assertThat(strangers).allMatch(peer -> identify.known(peer).isEmpty());
    }

    /** Protocols with names as long as fit into a message. */
    private static IdentifyMessage longNames(int piece) {
        IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
        for (int i = 0; i < 7; i++) {
            message.addProtocols(ByteString.copyFromUtf8("/" + "x".repeat(1000) + piece + "/" + i));
        }
        return message.build();
    }

    @Test
    @Conforms({"IDN-3", "IDN-27", "IDN-28"})
    void pushesWhenItsProtocolsChange() throws Exception {
        Identify there = Identify.install(hosts.dialer, AGENT);
        Identify here = Identify.install(hosts.listener, AGENT, LONG, Duration.ofMillis(20));
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));
        eventually(() -> there.known(hosts.listener.peerId()).orElse(null));

        hosts.listener.handle(NEW, HALF_OPEN, stream -> {});

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
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> {
            pushes.incrementAndGet();
            stream.channel().close();
        });
        hosts.dialer.handle(
                Identify.ID,
                HALF_OPEN,
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

    /** All changes that Identify finds in one look go into one push. */
    @Test
    @Conforms("IDN-28")
    void pushesOnceForManyProtocolsThatAreAddedAtOnce() throws Exception {
        AtomicInteger pushes = new AtomicInteger();
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> {
            pushes.incrementAndGet();
            stream.channel().close();
        });
        hosts.dialer.handle(Identify.ID, HALF_OPEN, stream -> say(stream, listingPush("a/1")));
        Identify here = Identify.install(hosts.listener, AGENT, LONG, Duration.ofMillis(20));
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));
        // The host listens now, which is a change, too. This push tells it.
        get(here.push());
        int before = pushes.get();

        // The looks run on this executor, so none of them runs in the middle of this task.
        hosts.listener.protocolContext().execute(() -> {
            for (int i = 0; i < 20; i++) {
                hosts.listener.handle(new ProtocolId("/new/" + i), HALF_OPEN, stream -> {});
            }
        });
        eventually(() -> pushes.get() > before ? true : null);
        // Later looks on the same executor find nothing new.
        CompletableFuture<Void> looked = new CompletableFuture<>();
        hosts.listener.protocolContext().schedule(Duration.ofMillis(100), () -> looked.complete(null));
        get(looked);

        assertThat(pushes).hasValue(before + 1);
    }

    /** Two streams of one connection may arrive in any order, so the older push could be the one that counts. */
    @Test
    @Conforms("IDN-22")
    void pushesToAPeerOneAfterTheOther() throws Exception {
        CompletableFuture<ProtocolStream> asked = new CompletableFuture<>();
        BlockingQueue<ProtocolStream> pushes = new LinkedBlockingQueue<>();
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, pushes::add);
        hosts.dialer.handle(Identify.ID, HALF_OPEN, asked::complete);
        hosts.dialer.handle(NEW, CLOSE_WITH_PEER, stream -> {});
        Identify here = Identify.install(hosts.listener, AGENT, LONG, LONG);
        hosts.connect();
        get(asked);
        hosts.listener.handle(new ProtocolId("/meanwhile/1"), HALF_OPEN, stream -> {});
        say(get(asked), listingPush("a/1"));
        ProtocolStream first = pushes.poll(10, TimeUnit.SECONDS);

        CompletableFuture<Void> round = here.push();
        Connection back = hosts.listener.connection(hosts.dialer.peerId()).orElseThrow();
        CompletableFuture<Void> passed = new CompletableFuture<>();
        hosts.listener
                .protocolContext()
                .execute(() -> back.openStream(
                                NEW,
                                stream -> stream.channel().closeFuture().addListener(closed -> passed.complete(null)))
                        .thenAccept(stream -> stream.channel().shutdownOutput()));
        get(passed); // streams arrive in the order in which they were opened
        assertThat(pushes).isEmpty();

        first.channel().close();
        ProtocolStream second = pushes.poll(10, TimeUnit.SECONDS);
        assertThat(round).isNotDone();
        second.channel().close();
        get(round);
    }

    @Test
    @Conforms({"IDN-3", "IDN-22", "IDN-27"})
    void aPushIsOneCompleteMessageAndAnEnd() throws Exception {
        RawStream push = new RawStream();
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> {
            push.attach(stream);
            stream.channel().shutdownOutput();
        });
        hosts.dialer.handle(Identify.ID, HALF_OPEN, stream -> say(stream, listingPush("a/1")));
        Identify here = Identify.install(hosts.listener, AGENT, LONG, LONG);
        hosts.connect();
        eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));

        get(here.push());

        ByteBuffer all = ByteBuffer.wrap(get(push.received));
        byte[] body = new byte[(int) Varint.decode(all)];
        all.get(body);
        assertThat(all.hasRemaining()).as("bytes after the one message").isFalse();
        IdentifyMessage message = IdentifyMessage.parseFrom(body);
        assertThat(message.getPublicKey().toByteArray())
                .isEqualTo(hosts.listener.publicKey().encoded());
        assertThat(message.getProtocolsList())
                .contains(
                        ByteString.copyFromUtf8(Identify.ID.value()),
                        ByteString.copyFromUtf8(Identify.PUSH_ID.value()));
        assertThat(message.getListenAddrsList()).isNotEmpty();
        assertThat(message.hasObservedAddr()).isTrue();
        assertThat(message.getProtocolVersion().toStringUtf8()).isEqualTo("ipfs/0.1.0");
        assertThat(message.getAgentVersion().toStringUtf8()).isEqualTo(AGENT);
    }

    @Test
    @Conforms("IDN-16")
    void listsNoProtocolThatItHasStoppedHandling() throws Exception {
        hosts.listener.handle(NEW, HALF_OPEN, stream -> {});
        Identify.install(hosts.listener, AGENT);
        Identify there = Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();

        // The second question is asked from within the answer to the first one. It must not join the first one.
        IdentifyInfo after = get(there.identify(connection).thenCompose(before -> {
            assertThat(before.protocols()).contains(NEW);
            hosts.listener.stopHandling(NEW);
            return there.identify(connection);
        }));

        assertThat(after.protocols()).isNotEmpty().doesNotContain(NEW);
    }

    @Test
    void pushesToAPeerThatBecameKnownAfterTheChangeItMissed() throws Exception {
        CompletableFuture<ProtocolStream> question = new CompletableFuture<>();
        CompletableFuture<Void> pushed = new CompletableFuture<>();
        hosts.dialer.handle(Identify.ID, HALF_OPEN, question::complete);
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> {
            pushed.complete(null);
            stream.channel().close();
        });
        Identify here = Identify.install(hosts.listener, AGENT, LONG, LONG);
        hosts.connect();
        ProtocolStream asked = get(question);
        hosts.listener.handle(NEW, HALF_OPEN, stream -> {});
        get(here.push());
        assertThat(pushed).isNotDone();

        say(
                asked,
                message("a/1").toBuilder()
                        .addProtocols(ByteString.copyFromUtf8(Identify.PUSH_ID.value()))
                        .build());

        get(pushed);
    }

    /** Only this peer was told something that is no longer true. */
    @Test
    void pushesToThatPeerAgainWhenTheChangeIsTakenBack() throws Exception {
        CompletableFuture<ProtocolStream> question = new CompletableFuture<>();
        BlockingQueue<ProtocolStream> pushes = new LinkedBlockingQueue<>();
        hosts.dialer.handle(Identify.ID, HALF_OPEN, question::complete);
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> {
            pushes.add(stream);
            stream.channel().close();
        });
        hosts.listen();
        Identify.install(hosts.listener, AGENT, LONG, Duration.ofSeconds(2));
        hosts.connect();
        ProtocolStream asked = get(question);
        hosts.listener.announce(Multiaddr.parse("/dns4/example.org/tcp/4001"));
        say(asked, listingPush("a/1"));
        assertThat(pushes.poll(10, TimeUnit.SECONDS)).isNotNull();

        hosts.listener.stopAnnouncing(Multiaddr.parse("/dns4/example.org/tcp/4001"));

        assertThat(pushes.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    /** Pushes go only to peers that list the push protocol. */
    @Test
    @Conforms("IDN-28")
    void pushesToNobodyWhoDoesNotListIt() throws Exception {
        AtomicInteger pushes = new AtomicInteger();
        hosts.dialer.handle(Identify.PUSH_ID, HALF_OPEN, stream -> pushes.incrementAndGet());
        hosts.dialer.handle(Identify.ID, HALF_OPEN, stream -> say(stream, message("a/1")));
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

    /** However a push fails, the known information stays. */
    @ParameterizedTest
    @ValueSource(strings = {"cut in a message", "reset", "late", "another's key", "too long", "no protobuf"})
    @Conforms({"IDN-10", "IDN-25"})
    void aPushThatFailsChangesNothing(String how) throws Exception { // SEC-57
        Identify here = Identify.install(hosts.listener, AGENT, Duration.ofSeconds(3), LONG);
        Identify.install(hosts.dialer, AGENT);
        Connection connection = hosts.connect();
        IdentifyInfo before = eventually(() -> here.known(hosts.dialer.peerId()).orElse(null));
        byte[] other = PrivateKey.generate(KeyType.ED25519).publicKey().encoded();
        byte[] good = framed(message("pushed/1"));

        RawStream raw = RawStream.open(connection, Identify.PUSH_ID);
        switch (how) {
            case "cut in a message" ->
                raw.send(good).send(Arrays.copyOf(good, good.length - 1)).end();
            case "reset" -> get(raw.send(good).opened).reset();
            case "late" -> raw.send(good);
            case "another's key" ->
                raw.send(framed(message("pushed/1").toBuilder()
                                .setPublicKey(ByteString.copyFrom(other))
                                .build()))
                        .end();
            case "too long" -> raw.send(Varint.encode(8193)).end();
            default -> raw.send(new byte[] {2, 0x0a, 0x7f}).end();
        }

        // The stream ends with a reset, or cleanly if only the content is wrong.
        get(raw.received.handle((bytes, failure) -> true));
        // The host handles a push on this executor.
        CompletableFuture<IdentifyInfo> after = new CompletableFuture<>();
        hosts.listener
                .protocolContext()
                .execute(() -> after.complete(here.known(hosts.dialer.peerId()).orElseThrow()));
        assertThat(get(after)).isEqualTo(before);
        assertThat(connection.isOpen()).isTrue();
    }

    /** The push comes too late. */
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

    @Test
    @Conforms("IDN-34")
    void refusesMorePushesAtOnceThanItsLimit() throws Exception {
        Identify.install(hosts.listener, AGENT, LONG, LONG);
        Connection connection = hosts.connect();
        List<RawStream> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open.add(RawStream.open(connection, Identify.PUSH_ID).send(framed(message("slow/1"))));
        }

        RawStream ninth = RawStream.open(connection, Identify.PUSH_ID).send(framed(message("slow/1")));

        assertThat(Failures.of(ninth.received)).isInstanceOf(IOException.class);
        for (RawStream each : open) {
            assertThat(get(each.end().received)).isEmpty();
        }
    }

    /** Ten messages of nearly the maximum length, full of names. Together they have more than 4,000 names. */
    @Test
    @Conforms("IDN-24")
    void keepsFewOfTheThousandsOfProtocolsOfAPeer() throws Exception { // SEC-56
        hosts.listener.handle(Identify.ID, HALF_OPEN, stream -> {
            int name = 0;
            for (int i = 0; i < 10; i++) {
                IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
                while (message.build().getSerializedSize() < 8000) {
                    for (int many = 0; many < 10; many++, name++) {
                        message.addProtocols(ByteString.copyFromUtf8("/p/" + name));
                        message.addListenAddrs(ByteString.copyFrom(Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (name + 1))
                                .bytes()));
                    }
                }
                say(stream.channel(), message.build());
            }
            stream.channel().close();
        });
        Identify identify = Identify.install(hosts.dialer, AGENT);

        IdentifyInfo info = get(identify.identify(hosts.connect()));

        assertThat(info.protocols()).hasSize(128).startsWith(new ProtocolId("/p/0"));
        assertThat(info.listenAddresses()).hasSize(500);
    }

    private static IdentifyMessage listingPush(String agent) {
        return message(agent).toBuilder()
                .addProtocols(ByteString.copyFromUtf8(Identify.PUSH_ID.value()))
                .build();
    }

    private static IdentifyMessage message(String agent) {
        return IdentifyMessage.newBuilder()
                .setAgentVersion(ByteString.copyFromUtf8(agent))
                .build();
    }

    private static void say(ProtocolStream stream, IdentifyMessage message) {
        say(stream.channel(), message);
        stream.channel().close();
    }

    private static void say(Channel channel, IdentifyMessage message) {
        channel.writeAndFlush(OwnIdentity.framed(message, channel.alloc()));
    }

    private static byte[] framed(IdentifyMessage message) {
        byte[] body = message.toByteArray();
        byte[] all = new byte[body.length + 1];
        assertThat(body.length).isLessThan(128);
        all[0] = (byte) body.length;
        System.arraycopy(body, 0, all, 1, body.length);
        return all;
    }
}
