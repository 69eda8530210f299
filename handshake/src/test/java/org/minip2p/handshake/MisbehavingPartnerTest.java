package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.FailureReason.InvalidEnvelope;
import org.minip2p.handshake.FailureReason.InvalidNodeInfo;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.handshake.pb.EnvelopeMessage;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/** A partner that does everything wrong, in both roles. */
class MisbehavingPartnerTest {
    private static final PrivateKey STRANGER = PrivateKey.generate(KeyType.ED25519);
    private static final String FILTERED = "v-bad";

    /** A short record, for the tests that break off after each byte. */
    private static final NodeInfo SHORT = NodeInfo.of("0x1");

    /**
     * A fault of an envelope, and the reason that must be reported.
     *
     * @param name shown as the name of the test
     * @param envelope makes the envelope that the partner with this host sends
     * @param reason makes the reason that is reported for the partner with this id
     */
    record Fault(String name, Function<Host, byte[]> envelope, Function<PeerId, FailureReason> reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Fault> FAULTS = List.of(
            new Fault(
                    "wrong signer",
                    host -> Node.INFO.seal(STRANGER),
                    id -> new FailureReason.WrongSigner(id, PeerId.of(STRANGER.publicKey()))),
            new Fault(
                    "wrong domain",
                    host -> SignedEnvelope.seal(host, "vss", NodeInfoCheck.payloadType(), Node.INFO.encode()),
                    invalid(InvalidEnvelopeException.Reason.INVALID_SIGNATURE)),
            new Fault(
                    "wrong payload type",
                    host -> SignedEnvelope.seal(host, "ssv", bytes("ssv/other"), Node.INFO.encode()),
                    invalid(InvalidEnvelopeException.Reason.WRONG_PAYLOAD_TYPE)),
            new Fault(
                    "a bit of the signature",
                    host -> flipped(host, EnvelopeMessage.SIGNATURE_FIELD_NUMBER),
                    invalid(InvalidEnvelopeException.Reason.INVALID_SIGNATURE)),
            new Fault(
                    "a bit of the payload",
                    host -> flipped(host, EnvelopeMessage.PAYLOAD_FIELD_NUMBER),
                    invalid(InvalidEnvelopeException.Reason.INVALID_SIGNATURE)),
            new Fault(
                    "a bit of the payload type",
                    host -> flipped(host, EnvelopeMessage.PAYLOAD_TYPE_FIELD_NUMBER),
                    invalid(InvalidEnvelopeException.Reason.WRONG_PAYLOAD_TYPE)),
            new Fault(
                    "a bit of the public key: another type",
                    host -> changed(
                            host,
                            EnvelopeMessage.PUBLIC_KEY_FIELD_NUMBER,
                            flipped(host.publicKey().encoded(), 1)),
                    invalid(InvalidEnvelopeException.Reason.INVALID_KEY)),
            new Fault(
                    "the public key of another",
                    host -> changed(
                            host,
                            EnvelopeMessage.PUBLIC_KEY_FIELD_NUMBER,
                            STRANGER.publicKey().encoded()),
                    id -> new FailureReason.WrongSigner(id, PeerId.of(STRANGER.publicKey()))),
            new Fault(
                    "no public key",
                    host -> changed(host, EnvelopeMessage.PUBLIC_KEY_FIELD_NUMBER, new byte[0]),
                    invalid(InvalidEnvelopeException.Reason.MALFORMED)),
            new Fault(
                    "a public key that is none",
                    host -> changed(host, EnvelopeMessage.PUBLIC_KEY_FIELD_NUMBER, new byte[] {8, 1, 18, 1, 0}),
                    invalid(InvalidEnvelopeException.Reason.INVALID_KEY)),
            new Fault(
                    "no signature",
                    host -> changed(host, EnvelopeMessage.SIGNATURE_FIELD_NUMBER, new byte[0]),
                    invalid(InvalidEnvelopeException.Reason.MALFORMED)),
            new Fault(
                    "65,537 bytes",
                    host -> new byte[SignedEnvelope.MAX_BYTES + 1],
                    id -> new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES)),
            new Fault(
                    "65,536 bytes that are no envelope",
                    host -> new byte[SignedEnvelope.MAX_BYTES],
                    invalid(InvalidEnvelopeException.Reason.MALFORMED)),
            new Fault("no JSON", host -> sealed(host, "nonsense"), invalid(InvalidNodeInfoException.Reason.MALFORMED)),
            new Fault(
                    "deep JSON",
                    host -> sealed(
                            host, "{\"Entries\":[\"\",\"0x00000502\"],\"A\":" + "[".repeat(9) + "]".repeat(9) + "}"),
                    invalid(InvalidNodeInfoException.Reason.MALFORMED)),
            new Fault(
                    "very deep JSON",
                    host -> sealed(host, "[".repeat(60_000)),
                    invalid(InvalidNodeInfoException.Reason.MALFORMED)),
            new Fault(
                    "no entries", host -> sealed(host, "{}"), invalid(InvalidNodeInfoException.Reason.INVALID_ENTRIES)),
            new Fault(
                    "one entry",
                    host -> sealed(host, "{\"Entries\":[\"\"]}"),
                    invalid(InvalidNodeInfoException.Reason.INVALID_ENTRIES)),
            new Fault(
                    "an entry that is no text",
                    host -> sealed(host, "{\"Entries\":[\"\",502]}"),
                    invalid(InvalidNodeInfoException.Reason.INVALID_ENTRIES)),
            new Fault(
                    "network id without 0x",
                    host -> sealed(host, "{\"Entries\":[\"\",\"00000502\"]}"),
                    invalid(InvalidNodeInfoException.Reason.INVALID_NETWORK_ID)),
            new Fault(
                    "metadata that is no JSON",
                    host -> sealed(host, "{\"Entries\":[\"\",\"0x00000502\",\"nonsense\"]}"),
                    invalid(InvalidNodeInfoException.Reason.INVALID_METADATA)),
            new Fault(
                    "subnets of 31 characters",
                    host -> sealed(
                            host,
                            "{\"Entries\":[\"\",\"0x00000502\",\"{\\\"Subnets\\\":\\\"" + "0".repeat(31) + "\\\"}\"]}"),
                    invalid(InvalidNodeInfoException.Reason.INVALID_METADATA)),
            new Fault(
                    "another network",
                    host -> Node.OTHER_NETWORK.seal(host),
                    id -> new FailureReason.NetworkMismatch(Set.of("0x00000502"), "0x00000001")),
            new Fault(
                    "refused by a filter",
                    host -> NodeInfo.of("0x00000502", new Metadata(FILTERED, "", "", "0".repeat(32)))
                            .seal(host),
                    id -> new FailureReason.Filtered("not " + FILTERED)));

    private static Function<PeerId, FailureReason> invalid(InvalidEnvelopeException.Reason check) {
        return id -> new InvalidEnvelope(check, "");
    }

    private static Function<PeerId, FailureReason> invalid(InvalidNodeInfoException.Reason check) {
        return id -> new InvalidNodeInfo(check, "");
    }

    /** An envelope with another value in one of its fields. */
    private static byte[] changed(Host host, int field, byte[] value) {
        try {
            return EnvelopeMessage.parseFrom(Node.INFO.seal(host)).toBuilder()
                    .setField(EnvelopeMessage.getDescriptor().findFieldByNumber(field), ByteString.copyFrom(value))
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An envelope with the last byte of one of its fields changed in one bit. */
    private static byte[] flipped(Host host, int field) {
        try {
            EnvelopeMessage whole = EnvelopeMessage.parseFrom(Node.INFO.seal(host));
            ByteString value =
                    (ByteString) whole.getField(EnvelopeMessage.getDescriptor().findFieldByNumber(field));
            return changed(host, field, flipped(value.toByteArray(), value.size() - 1));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] flipped(byte[] value, int at) {
        value[at] ^= 1;
        return value;
    }

    private static byte[] sealed(Host host, String payload) {
        return SignedEnvelope.seal(host, "ssv", NodeInfoCheck.payloadType(), bytes(payload));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Node node() throws Exception {
        NodeInfoFilter filter = (peer, theirs) -> theirs.metadata()
                .filter(metadata -> metadata.nodeVersion().equals(FILTERED))
                .map(metadata -> "not " + FILTERED);
        return Node.start(() -> Node.INFO, Node.NO_HURRY.withFilters(List.of(filter)));
    }

    private static void assertReason(FailureReason actual, FailureReason expected) {
        if (expected instanceof InvalidEnvelope envelope && actual instanceof InvalidEnvelope came) {
            assertThat(came.check()).isEqualTo(envelope.check());
            assertThat(came.detail()).isNotEmpty();
        } else if (expected instanceof InvalidNodeInfo info && actual instanceof InvalidNodeInfo came) {
            assertThat(came.check()).isEqualTo(info.check());
            assertThat(came.detail()).isNotEmpty();
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** SEC-58, SEC-64, SEC-G9. */
    @ParameterizedTest
    @Conforms({
        "ENV-7", "ENV-10", "ENV-12", "NIF-5", "NIF-10", "NIF-11", "NIF-15", "NIF-21", "NIF-22", "NIF-23", "NIF-26",
        "NIF-28", "NIF-32"
    })
    @FieldSource("FAULTS")
    void refusesAResponseForGoodAndClosesItsConnection(Fault fault) throws Exception {
        try (Node node = node();
                Partner partner = new Partner(
                        (self, exchange, number) -> Partner.answer(exchange, fault.envelope.apply(self.host)))) {
            Connection connection = node.dial(partner.host);

            Failed failed = node.next(Failed.class);

            assertReason(failed.reason(), fault.reason.apply(partner.host.peerId()));
            assertThat(failed.reason().isPermanent()).isTrue();
            assertThat(failed.initiatedByUs()).isTrue();
            assertThat(failed.connectionId()).isEqualTo(connection.id());
            Node.get(connection.closed());
            node.awaitNoPeers();
            assertThat(node.events).isEmpty();
            assertThat(partner.requests()).isEqualTo(1);
        }
    }

    /**
     * SEC-58, SEC-64, SEC-G9: an invalid request is not answered. A valid one that the network check or a filter
     * refuses is answered, and the peer may close first.
     */
    @ParameterizedTest
    @Conforms({
        "ENV-7", "ENV-10", "ENV-12", "NIF-5", "NIF-10", "NIF-11", "NIF-15", "NIF-17", "NIF-18", "NIF-19", "NIF-20",
        "NIF-22", "NIF-23", "NIF-26", "NIF-28", "NIF-32"
    })
    @FieldSource("FAULTS")
    void refusesARequestForGoodAndClosesItsConnection(Fault fault) throws Exception {
        try (Node node = node();
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            RawStream request = RawStream.open(connection);
            request.send(fault.envelope.apply(partner)).end();

            Failed failed = node.next(Failed.class);

            FailureReason expected = fault.reason.apply(partner.peerId());
            assertReason(failed.reason(), expected);
            assertThat(failed.initiatedByUs()).isFalse();
            if (expected instanceof FailureReason.NetworkMismatch || expected instanceof FailureReason.Filtered) {
                assertThat(Node.get(request.received)).isEqualTo(Node.INFO.seal(node.host));
                var unused = connection.close();
            } else {
                assertThatThrownBy(() -> Node.get(request.received)).isNotNull();
            }
            Node.get(connection.closed());
            node.awaitNoPeers();
            assertThat(node.events).isEmpty();
        }
    }

    /** As the initiator: a response whose stream ends cleanly after any byte but the last. */
    @Test
    void refusesAResponseThatEndsAfterAnyByte() throws Exception {
        try (Node node = Node.start(() -> SHORT, Node.NO_HURRY);
                Partner partner = new Partner((self, exchange, number) ->
                        Partner.answer(exchange, Arrays.copyOf(SHORT.seal(self.host), number + 1)))) {
            for (int length = 1; length < SHORT.seal(partner.host).length; length++) {
                Connection connection = node.dial(partner.host);

                assertReason(
                        node.nextFailure(),
                        invalid(InvalidEnvelopeException.Reason.MALFORMED).apply(partner.host.peerId()));
                Node.get(connection.closed());
                node.awaitNoPeers();
                assertThat(node.events).as("after %s bytes", length).isEmpty();
            }
            assertThat(partner.requests()).isEqualTo(SHORT.seal(partner.host).length - 1);
        }
    }

    /** The task that reports the connection's end may come right after the task for the request. */
    @Test
    void tellsARefusalThoughTheConnectionHasEndedSince() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            Node.eventually("the connection is known", () -> Node.get(node.handshake.peersKept()) == 1);
            node.host.protocolContext().execute(() -> awaitUninterruptibly(goOn));

            RawStream exchange = RawStream.open(connection).send(new byte[SignedEnvelope.MAX_BYTES + 1]);
            Node.get(exchange.failed);
            connection.close();
            Node.eventually(
                    "both ends are closed",
                    () -> node.host.connections().stream().noneMatch(Connection::isOpen));
            goOn.countDown();

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
        } finally {
            goOn.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the responder: a request whose stream ends cleanly after any byte but the last. */
    @Test
    void refusesARequestThatEndsAfterAnyByte() throws Exception {
        try (Node node = Node.start(() -> SHORT, Node.NO_HURRY);
                Host partner = Node.bareHost()) {
            byte[] envelope = SHORT.seal(partner);
            for (int length = 1; length < envelope.length; length++) {
                Connection connection = Node.get(Node.startDialing(partner, node.host));
                RawStream.open(connection).send(Arrays.copyOf(envelope, length)).end();

                assertReason(
                        node.nextFailure(),
                        invalid(InvalidEnvelopeException.Reason.MALFORMED).apply(partner.peerId()));
                Node.get(connection.closed());
                node.awaitNoPeers();
                assertThat(node.events).as("after %s bytes", length).isEmpty();
            }
        }
    }

    /** A permanent failure concerns only its own connection. The peer completes on the other one. */
    @Test
    void closesTheConnectionOfAPermanentFailureAndNoOther() throws Exception {
        CompletableFuture<RawStream> first = new CompletableFuture<>();
        try (Node node = Node.start();
                Partner partner = new Partner((self, exchange, number) -> {
                    if (!first.complete(exchange)) {
                        Partner.answer(exchange, self.envelope());
                    }
                })) {
            Connection bad = node.dial(partner.host);
            RawStream asked = Node.get(first);
            Connection good = node.dial(partner.host);

            Partner.answer(asked, Node.OTHER_NETWORK.seal(partner.host));

            Failed failed = node.next(Failed.class);
            assertThat(failed.connectionId()).isEqualTo(bad.id());
            assertThat(failed.reason()).isInstanceOf(FailureReason.NetworkMismatch.class);
            assertThat(node.next(Completed.class).connectionId()).isEqualTo(good.id());
            Node.get(bad.closed());
            assertThat(good.isOpen()).isTrue();
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    @Conforms("NIF-22")
    void closes2SecondsAfterItsAnswerWhenAPeerOfAnotherNetworkDoesNot() throws Exception {
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            AtomicLong closed = new AtomicLong();
            var unused = connection.closed().thenRun(() -> closed.set(System.nanoTime()));
            RawStream request = RawStream.open(connection);

            long asked = System.nanoTime();
            request.send(Node.OTHER_NETWORK.seal(partner)).end();
            var unusedAnswer = Node.get(request.received);
            long answered = System.nanoTime();

            Node.eventually("open", () -> closed.get() != 0);
            assertThat(Duration.ofNanos(closed.get() - asked)).isGreaterThanOrEqualTo(Duration.ofMillis(1900));
            assertThat(Duration.ofNanos(closed.get() - answered)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CLOSE_CONNECTION", mode = EnumSource.Mode.EXCLUDE)
    @Conforms("NIF-33")
    void keepsTheConnectionIfTheApplicationWants(HandshakeOptions.FailurePolicy policy) throws Exception {
        HandshakeOptions options = Node.NO_HURRY.withFailurePolicy(policy);
        try (Node node = Node.start(() -> Node.INFO, options);
                Host partner = Node.bareHost()) {
            Connection connection = node.dial(partner);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.ProtocolNotSupported());

            Node.get(connection.ping());
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    @Conforms({"NIF-32", "NIF-33"})
    void refusesAPeerThatDoesNotSpeakTheProtocol() throws Exception {
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            Connection connection = node.dial(partner);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.ProtocolNotSupported());

            Node.get(connection.closed());
        }
    }

    /** Ways in which a partner that was asked stays silent. */
    static Stream<Partner.Script> silences() {
        return Stream.of(
                (self, exchange, number) -> {},
                (self, exchange, number) -> exchange.send(Arrays.copyOf(self.envelope(), 50)),
                (self, exchange, number) -> exchange.send(self.envelope()));
    }

    /** After a deadline has passed, two more tries follow, and nothing is closed. */
    @ParameterizedTest
    @Conforms({"NIF-24", "NIF-32"})
    @MethodSource("silences")
    void failsAfterThreeDeadlinesWithoutAnEndOfTheResponse(Partner.Script silence) throws Exception {
        HandshakeOptions options = Node.NO_HURRY.withExchangeDeadline(Duration.ofSeconds(1));
        try (Node node = Node.start(() -> Node.INFO, options);
                Partner partner = new Partner(silence)) {
            Connection connection = node.dial(partner.host);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.Timeout());

            Node.eventually("not asked three times", () -> partner.requests() >= 3);
            assertThat(partner.requests()).isEqualTo(3);
            assertThat(connection.isOpen()).isTrue();
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    void resetsARequestThatDoesNotEndInTimeAndAsksLater() throws Exception {
        HandshakeOptions options =
                Node.NO_HURRY.withExchangeDeadline(Duration.ofSeconds(1)).withWaitForPeer(Duration.ofMillis(100));
        try (Node node = Node.start(() -> Node.INFO, options);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            Connection connection = Node.get(Node.startDialing(partner.host, node.host));
            RawStream request = RawStream.open(connection).send(partner.envelope());

            assertThatThrownBy(() -> Node.get(request.received)).hasRootCauseInstanceOf(StreamResetException.class);

            assertThat(node.next(Completed.class).initiatedByUs()).isTrue();
            assertThat(connection.isOpen()).isTrue();
        }
    }

    /** SEC-63. */
    @Test
    @Conforms({"ENV-16", "NIF-26", "NIF-28"})
    void stopsReadingABodyThatNeverEnds() throws Exception {
        try (Node node = Node.start();
                Partner partner = new Partner((self, exchange, number) -> sendForEver(exchange))) {
            Connection dialed = node.dial(partner.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
            Node.get(dialed.closed());
            node.awaitNoPeers();

            Connection accepted = Node.get(Node.startDialing(partner.host, node.host));
            sendForEver(RawStream.open(accepted));
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.TooLarge(SignedEnvelope.MAX_BYTES));
            Node.get(accepted.closed());
        }
    }

    private static void sendForEver(RawStream exchange) {
        exchange.stream()
                .channel()
                .writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]))
                .addListener(written -> {
                    if (written.isSuccess()) {
                        sendForEver(exchange);
                    }
                });
    }

    static Stream<Partner.Script> transientFaults() {
        return Stream.of(
                (self, exchange, number) -> exchange.stream().reset(),
                (self, exchange, number) -> exchange.received.thenAccept(
                        request -> exchange.stream().reset()),
                (self, exchange, number) -> exchange.received.thenAccept(request -> exchange.end()),
                (self, exchange, number) -> exchange.received.thenAccept(
                        request -> exchange.send(self.envelope()).stream().reset()));
    }

    @ParameterizedTest
    @MethodSource("transientFaults")
    void completesOnTheThirdTryAfterTwoResets(Partner.Script fault) throws Exception {
        try (Node node = Node.start();
                Partner partner = new Partner((self, exchange, number) -> {
                    if (number < 2) {
                        fault.opened(self, exchange, number);
                    } else {
                        Partner.answer(exchange, self.envelope());
                    }
                })) {
            Connection connection = node.dial(partner.host);

            assertThat(node.next(Completed.class).connectionId()).isEqualTo(connection.id());

            assertThat(partner.requests()).isEqualTo(3);
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transientFaults")
    void tellsOnceThatAThirdTryWasReset(Partner.Script fault) throws Exception {
        try (Node node = Node.start();
                Partner partner = new Partner(fault)) {
            Connection connection = node.dial(partner.host);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.StreamReset());

            assertThat(partner.requests()).isEqualTo(3);
            assertThat(connection.isOpen()).isTrue();
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    void resetsANinthExchangeAtOnce() throws Exception {
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            RawStream[] open = new RawStream[8];
            for (int i = 0; i < open.length; i++) {
                open[i] = RawStream.open(connection).send(new byte[1]);
            }

            RawStream ninth = RawStream.open(connection).send(new byte[1]);

            assertThatThrownBy(() -> Node.get(ninth.received)).isNotNull();
            assertThat(open[7].received).isNotDone();
            open[7].end();
            assertThat(node.nextFailure()).isInstanceOf(InvalidEnvelope.class);
        }
    }

    /**
     * As the responder: a partner cuts the connection after each byte of its request. Such a request does not count.
     */
    @Test
    void forgetsARequestThatIsCutAfterAnyByte() throws Exception {
        try (Node node = Node.start(() -> SHORT, Node.NO_HURRY);
                Host partner = Node.bareHost()) {
            byte[] envelope = SHORT.seal(partner);
            for (int sent = 0; sent <= envelope.length; sent++) {
                Connection connection = Node.get(Node.startDialing(partner, node.host));
                RawStream.open(connection).send(Arrays.copyOf(envelope, sent)).cut();
                Node.get(connection.closed());
                Node.eventually("connected", () -> node.host.connections().isEmpty());
                node.awaitNoPeers();
                assertThat(node.events).as("after %s bytes", sent).isEmpty();
            }

            RawStream whole = RawStream.open(Node.get(Node.startDialing(partner, node.host)));
            whole.send(envelope).end();
            assertThat(Node.get(whole.received)).isEqualTo(SHORT.seal(node.host));
            assertThat(node.next(Completed.class).initiatedByUs()).isFalse();
        }
    }

    /** As the initiator: a partner cuts the connection after each byte of its response. */
    @Test
    void tellsThatTheConnectionClosedWhenAResponseIsCutAfterAnyByte() throws Exception {
        try (Node node = Node.start(() -> SHORT, Node.NO_HURRY);
                Partner partner = new Partner((self, exchange, number) -> {
                    byte[] envelope = SHORT.seal(self.host);
                    exchange.received.thenAccept(request -> {
                        if (number <= envelope.length) {
                            exchange.send(Arrays.copyOf(envelope, number)).cut();
                        } else {
                            exchange.send(envelope).end();
                        }
                    });
                })) {
            int length = SHORT.seal(partner.host).length;
            for (int sent = 0; sent <= length; sent++) {
                Connection connection = node.dial(partner.host);
                assertThat(node.nextFailure())
                        .as("after %s bytes", sent)
                        .isEqualTo(new FailureReason.ConnectionClosed());
                Node.get(connection.closed());
                node.awaitNoPeers();
                assertThat(node.events).isEmpty();
            }

            var unused = node.dial(partner.host);
            assertThat(node.next(Completed.class).initiatedByUs()).isTrue();
            assertThat(partner.requests()).isEqualTo(length + 2);
        }
    }

    /** The failure that the rule was made for: a duplicate connection closes during the exchange on it. */
    @Test
    void completesOnTheSecondConnectionWhenTheFirstClosesInTheMiddle() throws Exception {
        CompletableFuture<RawStream> stalled = new CompletableFuture<>();
        try (Node node = Node.start();
                Partner partner = new Partner((self, exchange, number) -> {
                    if (!stalled.complete(exchange)) {
                        Partner.answer(exchange, self.envelope());
                    }
                })) {
            Connection first = node.dial(partner.host);
            RawStream exchange = Node.get(stalled);
            Connection second = node.dial(partner.host);
            assertThat(node.events).isEmpty();

            exchange.cut();

            Completed completed = node.next(Completed.class);
            assertThat(completed.connectionId()).isEqualTo(second.id());
            assertThat(first.isOpen()).isFalse();
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }
}
