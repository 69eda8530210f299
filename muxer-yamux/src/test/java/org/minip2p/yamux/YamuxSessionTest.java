package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ResetCode;
import org.minip2p.core.Role;
import org.minip2p.core.StreamIdsExhaustedException;
import org.minip2p.core.testing.Conforms;

/** The decisions of the session about headers, clause by clause. */
class YamuxSessionTest {
    private final SessionFixture server = new SessionFixture(Role.RESPONDER);
    private final SessionFixture client = new SessionFixture(Role.INITIATOR);

    // Streams

    @Test
    @Conforms({"YMX-10", "YMX-12"})
    void opensOddIdsAsInitiatorAndEvenOnesAsResponder() {
        assertThat(client.open().id()).isEqualTo(1);
        assertThat(client.open().id()).isEqualTo(3);
        assertThat(server.open().id()).isEqualTo(2);
        assertThat(server.open().id()).isEqualTo(4);
    }

    @ParameterizedTest
    @Conforms({"YMX-14", "YMX-15", "YMX-43"})
    @EnumSource(
            value = FrameType.class,
            names = {"DATA", "WINDOW_UPDATE"})
    void isOpenedByDataAndByWindowUpdateWithAndWithoutLength(FrameType type) throws YamuxException {
        assertThat(server.receive(type, Flags.SYN, 1, 0)).isEqualTo(FrameOutcome.OPENED);
        assertThat(server.receive(type, Flags.SYN, 3, 1000)).isEqualTo(FrameOutcome.OPENED);

        assertThat(server.stream(1).sendWindow().available()).isEqualTo(262_144);
        assertThat(server.stream(3).sendWindow().available())
                .isEqualTo(type == FrameType.WINDOW_UPDATE ? 263_144 : 262_144);
        assertThat(server.stream(3).receiveWindow().remaining()).isEqualTo(type == FrameType.DATA ? 261_144 : 262_144);
    }

    @Test
    @Conforms("YMX-22")
    void acceptsIdsInAnyOrderAndWithGaps() throws YamuxException {
        for (long id : new long[] {5, 1, 0xffff_ffffL, 3}) {
            assertThat(server.windowUpdate(Flags.SYN, id, 0)).isEqualTo(FrameOutcome.OPENED);
        }
        assertThat(server.session.openStreams()).isEqualTo(4);
    }

    @Test
    @Conforms("YMX-20")
    void endsOnSynWithTheWrongParityOrIdZero() {
        assertProtocolError(() -> server.windowUpdate(Flags.SYN, 2, 0));
        assertProtocolError(() -> client.windowUpdate(Flags.SYN, 1, 0));
        assertProtocolError(() -> client.windowUpdate(Flags.SYN, 0, 0));
        assertProtocolError(() -> server.data(Flags.SYN, 0, 0));
    }

    @Test
    @Conforms("YMX-21")
    void endsOnSynForALiveStream() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);

        assertProtocolError(() -> server.windowUpdate(Flags.SYN, 1, 0));
    }

    @Test
    @Conforms("YMX-11")
    void endsOnDataOrCreditForStreamZero() {
        assertProtocolError(() -> server.data(Flags.NONE, 0, 1));
        assertProtocolError(() -> server.windowUpdate(Flags.NONE, 0, 1));
    }

    @ParameterizedTest
    @Conforms("YMX-23")
    @EnumSource(
            value = FrameType.class,
            names = {"DATA", "WINDOW_UPDATE"})
    void dropsFramesForUnknownStreams(FrameType type) throws YamuxException {
        for (int flags : new int[] {Flags.NONE, Flags.ACK, Flags.FIN, Flags.RST, Flags.ACK | Flags.FIN}) {
            assertThat(server.receive(type, flags, 99, 262_144)).isEqualTo(FrameOutcome.DROPPED);
            assertThat(server.receive(type, flags, 98, 0)).isEqualTo(FrameOutcome.DROPPED);
        }
        assertThat(server.session.openStreams()).isZero();
    }

    @Test
    void boundsTheBodyOfAnUnknownStreamByTheLargestWindowGranted() throws YamuxException { // SEC-42, 48
        assertProtocolError(() -> server.data(Flags.NONE, 99, 262_145));
        assertProtocolError(() -> server.data(Flags.RST, 99, 0xffff_ffffL));

        YamuxStream stream = client.open();
        client.session.roundTrip().request(client.nowNanos);
        client.nowNanos++;
        client.ping(Flags.ACK, 0, 1);
        client.data(Flags.NONE, 1, 131_072);
        stream.receiveWindow().consume(131_072);
        client.session.takeWindowUpdate(stream, client.nowNanos);

        assertThat(stream.receiveWindow().size()).isEqualTo(524_288);
        stream.reset();
        assertThat(client.data(Flags.NONE, 1, 524_288)).isEqualTo(FrameOutcome.DROPPED);
    }

    @Test
    @Conforms({"YMX-24", "YMX-71"})
    void takesAckOnceAndOnlyForOwnStreams() throws YamuxException {
        for (int i = 0; i < YamuxSession.MAX_UNACKNOWLEDGED_OUTBOUND; i++) {
            client.open();
        }
        assertThat(client.session.canOpen()).isFalse();
        SessionFixture wide = new SessionFixture(
                Role.INITIATOR, YamuxConfig.defaults().with(YamuxConfig.MAX_OUTBOUND_STREAMS, 10_000));
        for (int i = 0; i < 256; i++) {
            wide.open();
        }
        assertThat(wide.session.canOpen()).as("256 wait for their ACK").isFalse();

        wide.windowUpdate(Flags.ACK, 1, 0);
        wide.windowUpdate(Flags.ACK, 1, 0);
        wide.data(Flags.ACK, 1, 1);
        assertThat(wide.session.canOpen()).isTrue();
        wide.open();
        assertThat(wide.session.canOpen())
                .as("a repeated ACK does not count again")
                .isFalse();

        server.windowUpdate(Flags.SYN, 1, 0);
        assertThat(server.windowUpdate(Flags.ACK, 1, 0)).isEqualTo(FrameOutcome.ACK);
        assertThat(server.stream(1).state()).isEqualTo(StreamState.OPEN);
    }

    @Test
    void opensNoMoreStreamsAtOnceThanItsLimit() {
        SessionFixture small =
                new SessionFixture(Role.INITIATOR, YamuxConfig.defaults().with(YamuxConfig.MAX_OUTBOUND_STREAMS, 2));
        YamuxStream first = small.open();
        assertThat(small.session.canOpen()).isTrue();
        small.open();
        assertThat(small.session.canOpen()).isFalse();
        assertThat(small.session.openStreams()).isEqualTo(2);

        small.session.ended(first);

        assertThat(small.session.canOpen()).isTrue();
        assertThat(small.session.openStreams()).isEqualTo(1);
    }

    @Test
    @Conforms("YMX-14")
    void opensAStreamWithItsFirstFrameAlone() {
        YamuxStream stream = client.open();

        assertThat(client.session.takeOpeningFlag(stream)).isEqualTo(Flags.SYN);
        assertThat(client.session.takeOpeningFlag(stream)).isEqualTo(Flags.NONE);
        assertThat(stream.isAcknowledged()).as("only the peer acknowledges it").isFalse();
    }

    @Test
    void hasNoOpenedStreamBeforeTheFirst() {
        assertThatThrownBy(server.session::opened).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms({"YMX-12", "YMX-13"})
    void usesItsIdsUpAndLivesOn() throws YamuxException {
        YamuxSession session = YamuxSessionTest.atId(Role.INITIATOR, 0xffff_ffffL);

        assertThat(openedId(session)).isEqualTo(0xffff_ffffL);
        assertThatThrownBy(() -> session.open(0)).isInstanceOf(StreamIdsExhaustedException.class);
        FrameReader frame = new FrameReader();
        frame.header(YamuxHeader.firstWord(FrameType.WINDOW_UPDATE, Flags.SYN), 2, 0);
        assertThat(session.receive(frame, null, 0)).isEqualTo(FrameOutcome.OPENED);

        YamuxSession responder = YamuxSessionTest.atId(Role.RESPONDER, 0xffff_fffeL);
        assertThat(openedId(responder)).isEqualTo(0xffff_fffeL);
        assertThatThrownBy(() -> responder.open(0)).isInstanceOf(StreamIdsExhaustedException.class);
    }

    // Close and reset

    @Test
    @Conforms({"YMX-28", "YMX-32"})
    void halfClosesOnFinAndEndsWhenBothSidesHaveSentIt() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);

        server.windowUpdate(Flags.FIN, 1, 0);
        assertThat(server.stream(1).state()).isEqualTo(StreamState.RECEIVE_CLOSED);
        assertThat(server.stream(1).state().canSend()).isTrue();
        server.stream(1).finSent();
        assertThat(server.stream(1).state()).isEqualTo(StreamState.CLOSED);

        YamuxStream own = server.open();
        own.finSent();
        assertThat(own.state()).isEqualTo(StreamState.SEND_CLOSED);
        server.data(Flags.FIN, own.id(), 1);
        assertThat(own.state()).isEqualTo(StreamState.CLOSED);
    }

    @Test
    @Conforms({"YMX-25", "YMX-30"})
    void countsTheBodyOfAFrameBeforeItsFin() throws YamuxException {
        FrameReader frame = server.frame;
        frame.header(YamuxHeader.firstWord(FrameType.DATA, Flags.SYN | Flags.FIN), 1, 5);
        assertThat(server.session.receive(frame, null, 0)).isEqualTo(FrameOutcome.OPENED);
        YamuxStream stream = server.session.opened();

        assertThat(stream.state()).isEqualTo(StreamState.OPEN);
        frame.bodyRead(5);
        assertThat(server.session.endOfFrame(frame, stream)).isTrue();
        assertThat(stream.state()).isEqualTo(StreamState.RECEIVE_CLOSED);
    }

    @Test
    @Conforms({"YMX-28", "YMX-34"})
    void saysWhetherAFrameEndedTheInput() throws YamuxException {
        YamuxStream stream = server.open();
        FrameReader frame = server.frame;

        frame.header(YamuxHeader.firstWord(FrameType.DATA, Flags.NONE), 2, 0);
        assertThat(server.session.endOfFrame(frame, stream)).isFalse();
        frame.header(YamuxHeader.firstWord(FrameType.WINDOW_UPDATE, Flags.FIN), 2, 0);
        assertThat(server.session.endOfFrame(frame, stream)).isTrue();
        assertThat(server.session.endOfFrame(frame, stream)).as("it had ended").isFalse();
    }

    @Test
    @Conforms("YMX-34")
    void ignoresASecondFin() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.data(Flags.FIN, 1, 0);

        assertThat(server.data(Flags.FIN, 1, 0)).isEqualTo(FrameOutcome.FIN);
        assertThat(server.windowUpdate(Flags.FIN, 1, 0)).isEqualTo(FrameOutcome.FIN);
        assertThat(server.stream(1).state()).isEqualTo(StreamState.RECEIVE_CLOSED);
    }

    @Test
    @Conforms("YMX-33")
    void resetsAStreamOnDataAfterFin() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.data(Flags.FIN, 1, 0);

        assertThat(server.data(Flags.NONE, 1, 1)).isEqualTo(FrameOutcome.STREAM_ERROR);
    }

    @Test
    @Conforms({"YMX-33", "YMX-76"})
    void boundsDataAfterFinAndCountsItWithTheResets() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.data(Flags.FIN, 1, 0);

        assertProtocolError(() -> server.data(Flags.NONE, 1, 262_145));
        for (int i = 0; i < 2048; i++) {
            assertThat(server.data(Flags.NONE, 1, 1)).isEqualTo(FrameOutcome.STREAM_ERROR);
        }
        assertRateLimited(() -> server.data(Flags.NONE, 1, 1));
    }

    @Test
    @Conforms("YMX-31")
    void obeysCreditAfterEitherFin() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.data(Flags.FIN, 1, 0);
        assertThat(server.windowUpdate(Flags.NONE, 1, 10)).isEqualTo(FrameOutcome.CREDIT);
        assertThat(server.stream(1).sendWindow().available()).isEqualTo(262_154);

        server.windowUpdate(Flags.SYN, 3, 0);
        server.stream(3).finSent();
        assertThat(server.windowUpdate(Flags.NONE, 3, 10)).isEqualTo(FrameOutcome.CREDIT);
    }

    @Test
    @Conforms("YMX-35")
    void endsBothDirectionsOnReset() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);

        assertThat(server.data(Flags.RST, 1, 0)).isEqualTo(FrameOutcome.RESET_BY_PEER);
        assertThat(server.stream(1).state()).isEqualTo(StreamState.RESET);
    }

    @Test
    @Conforms("YMX-36")
    void takesTheLengthOfAResetForACodeAndNotForCredit() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);

        assertThat(server.windowUpdate(Flags.RST, 1, 0x1001)).isEqualTo(FrameOutcome.RESET_BY_PEER);
        assertThat(server.frame.resetCode()).isEqualTo(0x1001);
        assertThat(server.stream(1).sendWindow().available()).isEqualTo(262_144);

        server.windowUpdate(Flags.SYN, 3, 0);
        assertThat(server.windowUpdate(Flags.RST, 3, 0xffff_ffffL)).isEqualTo(FrameOutcome.RESET_BY_PEER);
    }

    @Test
    @Conforms("YMX-36")
    void takesNoLengthOfABodyForACode() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);

        assertThat(server.data(Flags.RST, 1, 10)).isEqualTo(FrameOutcome.RESET_BY_PEER);

        assertThat(server.frame.resetCode()).isZero();
    }

    @Test
    void boundsTheBodyOfAReset() throws YamuxException { // SEC-48
        server.windowUpdate(Flags.SYN, 1, 0);

        assertProtocolError(() -> server.data(Flags.RST, 1, 262_145));
    }

    @Test
    @Conforms("YMX-27")
    void leavesNoStreamAfterSynWithRst() throws YamuxException {
        assertThat(server.data(Flags.SYN | Flags.RST, 1, 10)).isEqualTo(FrameOutcome.DROPPED);
        assertThat(server.windowUpdate(Flags.SYN | Flags.RST, 3, 0xffff_ffffL)).isEqualTo(FrameOutcome.DROPPED);
        assertThat(server.session.openStreams()).isZero();
    }

    // Flow control

    @Test
    @Conforms("YMX-46")
    void endsOnDataBeyondTheWindow() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.data(Flags.NONE, 1, 262_144);

        assertProtocolError(() -> server.data(Flags.NONE, 1, 1));
    }

    @Test
    void judgesSynWithTooMuchDataBeforeThereIsAStream() { // SEC-33
        assertProtocolError(() -> server.data(Flags.SYN, 1, 262_145));
        assertProtocolError(() -> server.data(Flags.SYN | Flags.RST, 3, 0xffff_ffffL));
        assertThat(server.session.openStreams()).isZero();
    }

    @Test
    @Conforms("YMX-45")
    void endsOnCreditThatOverflows() throws YamuxException { // SEC-34, 35
        assertProtocolError(() -> server.windowUpdate(Flags.SYN, 1, 0xffff_ffffL));

        server.windowUpdate(Flags.SYN, 3, 1);
        assertProtocolError(() -> server.windowUpdate(Flags.NONE, 3, 0xffff_ffffL));
    }

    @Test
    @Conforms("YMX-75")
    void chargesWhatItsStreamsHoldToOneBudget() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.windowUpdate(Flags.SYN, 3, 0);

        server.stream(1).receiveWindow().hold(100, 300);
        server.stream(3).receiveWindow().hold(20, 148);

        assertThat(server.session.budget().heldBytes()).isEqualTo(448);
    }

    @Test
    @Conforms("YMX-69")
    void saysWhyItRefusesStreams() {
        assertThat(server.session.refusalCode()).isEqualTo(ResetCode.RESOURCE_LIMIT_EXCEEDED);

        server.session.refuseStreams();

        assertThat(server.session.refusalCode()).isEqualTo(ResetCode.SHUTDOWN);
    }

    @Test
    void boundsFramesWithoutContent() throws YamuxException { // SEC-55
        server.windowUpdate(Flags.SYN, 1, 0);
        for (int i = 0; i < FloodGuard.MAX_EMPTY_FRAMES; i++) {
            assertThat(server.data(Flags.NONE, 1, 0)).isEqualTo(FrameOutcome.DROPPED);
        }
        assertRateLimited(() -> server.data(Flags.NONE, 1, 0));

        server.seconds(30);
        assertThat(server.data(Flags.NONE, 1, 0)).isEqualTo(FrameOutcome.DROPPED);
    }

    @Test
    void countsOnlyFramesWithoutAnyContent() throws YamuxException { // SEC-55
        client.open();
        server.windowUpdate(Flags.SYN, 1, 0);
        server.windowUpdate(Flags.SYN, 3, 0);

        for (int i = 0; i <= FloodGuard.MAX_EMPTY_FRAMES; i++) {
            assertThat(client.windowUpdate(Flags.ACK, 1, 0)).isEqualTo(FrameOutcome.ACK);
            assertThat(server.windowUpdate(Flags.FIN, 1, 0)).isEqualTo(FrameOutcome.FIN);
            assertThat(server.windowUpdate(Flags.NONE, 3, 1)).isEqualTo(FrameOutcome.CREDIT);
            assertThat(server.data(Flags.NONE, 3, i < 262_144 ? 1 : 0)).isEqualTo(FrameOutcome.DATA);
        }
    }

    @Test
    void boundsPingsThatAskForNothing() throws YamuxException { // SEC-55
        for (int i = 0; i < FloodGuard.MAX_EMPTY_FRAMES / 2; i++) {
            assertThat(server.ping(Flags.NONE, 0, 1)).isEqualTo(FrameOutcome.DROPPED);
            assertThat(server.ping(Flags.ACK, 0, 1)).isEqualTo(FrameOutcome.DROPPED);
        }
        assertRateLimited(() -> server.ping(Flags.SYN | Flags.ACK, 0, 1));
        assertRateLimited(() -> server.ping(Flags.ACK, 0, 1));

        assertThat(server.ping(Flags.SYN, 0, 1))
                .as("a request is not an empty frame")
                .isEqualTo(FrameOutcome.PING);
    }

    // Pings and go away

    @Test
    @Conforms({"YMX-56", "YMX-62"})
    void answersRequestsAndIgnoresWhatIsNeitherRequestNorAnswer() throws YamuxException {
        assertThat(server.ping(Flags.SYN, 0, 7)).isEqualTo(FrameOutcome.PING);
        assertThat(server.ping(Flags.NONE, 0, 7)).isEqualTo(FrameOutcome.DROPPED);
        assertThat(server.ping(Flags.SYN | Flags.ACK, 0, 7)).isEqualTo(FrameOutcome.DROPPED);
    }

    @Test
    @Conforms("YMX-59")
    void ignoresAnswersThatNobodyAskedFor() throws YamuxException { // SEC-41
        assertThat(server.ping(Flags.ACK, 0, 99)).isEqualTo(FrameOutcome.DROPPED);

        long value = server.session.roundTrip().request(server.nowNanos);
        assertThat(server.ping(Flags.ACK, 0, value + 1)).isEqualTo(FrameOutcome.DROPPED);
        server.nowNanos += 5_000;
        assertThat(server.ping(Flags.ACK, 0, value)).isEqualTo(FrameOutcome.PONG);
        assertThat(server.ping(Flags.ACK, 0, value)).isEqualTo(FrameOutcome.DROPPED);
        assertThat(server.session.roundTrip().nanos()).isEqualTo(5_000);
    }

    @Test
    @Conforms("YMX-52")
    void windowsDoNotGrowForARoundTripThatOnlyTheBytesOnTheWayMadeLong() throws Exception {
        answerPingAfter(2_000_000);
        answerPingAfter(500_000_000); // after the data that a bulk stream has in the sockets
        YamuxStream stream = server.session.open(server.nowNanos);

        server.nowNanos += 20_000_000;
        stream.receiveWindow().consume(SendWindow.INITIAL_BYTES / 2);
        long credit = server.session.takeWindowUpdate(stream, server.nowNanos);

        assertThat(credit).isEqualTo(SendWindow.INITIAL_BYTES / 2);
        assertThat(server.session.roundTrip().nanos()).isEqualTo(500_000_000);
    }

    private void answerPingAfter(long nanos) throws YamuxException {
        long value = server.session.roundTrip().request(server.nowNanos);
        server.nowNanos += nanos;
        assertThat(server.ping(Flags.ACK, 0, value)).isEqualTo(FrameOutcome.PONG);
    }

    @Test
    @Conforms("YMX-60")
    void hasOneOwnPingOpenAtMost() {
        server.session.roundTrip().request(0);

        assertThatThrownBy(() -> server.session.roundTrip().request(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms("YMX-61")
    void endsOnAPingForAStream() {
        assertProtocolError(() -> server.ping(Flags.SYN, 1, 7));
    }

    @ParameterizedTest
    @Conforms({"YMX-67", "YMX-68"})
    @ValueSource(longs = {0, 1, 2, 9, 0x1005})
    void takesAnyGoAwayForTheEnd(long code) throws YamuxException {
        assertThat(server.receive(FrameType.GO_AWAY, Flags.NONE, 0, code)).isEqualTo(FrameOutcome.GO_AWAY);
        assertThat(server.frame.length()).isEqualTo(code);
    }

    @Test
    @Conforms("YMX-7")
    void ignoresUnknownFlags() throws YamuxException {
        server.windowUpdate(Flags.SYN | 0x10, 1, 0);
        assertThat(server.data(0xfff0, 1, 3)).isEqualTo(FrameOutcome.DATA);
        assertThat(server.ping(Flags.SYN | 0x8000, 0, 1)).isEqualTo(FrameOutcome.PING);
    }

    // Limits

    @Test
    @Conforms("YMX-72")
    void refusesStreamsBeyond256Unacknowledged() throws YamuxException { // SEC-37
        for (long id = 1; id <= 2 * 256; id += 2) {
            assertThat(server.windowUpdate(Flags.SYN, id, 0)).isEqualTo(FrameOutcome.OPENED);
        }
        assertThat(server.windowUpdate(Flags.SYN, 513, 0)).isEqualTo(FrameOutcome.REFUSED);
        assertThat(server.session.refusal()).isEqualTo(StreamRefusal.TOO_MANY_UNACKNOWLEDGED);

        server.stream(1).accept();
        assertThat(server.session.takeOpeningFlag(server.stream(1))).isEqualTo(Flags.ACK);
        assertThat(server.windowUpdate(Flags.SYN, 515, 0)).isEqualTo(FrameOutcome.OPENED);
    }

    @Test
    void hasNoReasonForARefusalBeforeThereWasOne() {
        assertThatThrownBy(server.session::refusal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms("YMX-74")
    void refusesStreamsBeyondTheLimitAndAcceptsAgainWhenOneHasEnded() throws YamuxException {
        SessionFixture small =
                new SessionFixture(Role.RESPONDER, YamuxConfig.defaults().with(YamuxConfig.MAX_INBOUND_STREAMS, 2));
        small.windowUpdate(Flags.SYN, 1, 0);
        small.windowUpdate(Flags.SYN, 3, 0);
        assertThat(small.windowUpdate(Flags.SYN, 5, 0)).isEqualTo(FrameOutcome.REFUSED);
        assertThat(small.session.refusal()).isEqualTo(StreamRefusal.TOO_MANY_OPEN);

        small.windowUpdate(Flags.RST, 1, 0);
        assertThat(small.windowUpdate(Flags.SYN, 7, 0))
                .as("the stream counts until its handler has finished") // SEC-38
                .isEqualTo(FrameOutcome.REFUSED);
        small.session.ended(small.stream(1));

        assertThat(small.windowUpdate(Flags.SYN, 9, 0)).isEqualTo(FrameOutcome.OPENED);
    }

    @Test
    @Conforms("YMX-72")
    void makesRoomForAStreamWhenOneEndsThatWasNeverAcknowledged() throws YamuxException {
        for (long id = 1; id <= 2 * 256; id += 2) {
            server.windowUpdate(Flags.SYN, id, 0);
        }

        server.session.ended(server.stream(1));

        assertThat(server.windowUpdate(Flags.SYN, 513, 0)).isEqualTo(FrameOutcome.OPENED);
        assertThat(server.windowUpdate(Flags.SYN, 515, 0))
                .as("there is one free place, not two")
                .isEqualTo(FrameOutcome.REFUSED);
    }

    @Test
    @Conforms({"YMX-24", "YMX-72"})
    void takesNoAckFromThePeerForThePeersOwnStreams() throws YamuxException {
        for (long id = 1; id <= 2 * 256; id += 2) {
            server.windowUpdate(Flags.SYN, id, 0);
        }

        server.windowUpdate(Flags.ACK, 1, 0);

        assertThat(server.windowUpdate(Flags.SYN, 513, 0)).isEqualTo(FrameOutcome.REFUSED);
    }

    @Test
    @Conforms("YMX-76")
    void endsOnRapidResets() throws YamuxException { // SEC-38
        for (long id = 1; id <= 2 * 2048; id += 2) {
            server.windowUpdate(Flags.SYN, id, 0);
            server.windowUpdate(Flags.RST, id, 0);
            server.session.ended(server.stream(id));
        }
        server.windowUpdate(Flags.SYN, 5001, 0);
        assertRateLimited(() -> server.windowUpdate(Flags.RST, 5001, 0));
    }

    @Test
    void endsOnTooManyRefusals() throws YamuxException { // SEC-39
        SessionFixture small = new SessionFixture(
                Role.RESPONDER,
                YamuxConfig.defaults().with(YamuxConfig.MAX_INBOUND_STREAMS, 1).with(YamuxConfig.MAX_RESETS, 3));
        small.windowUpdate(Flags.SYN, 1, 0);
        for (long id = 3; id <= 7; id += 2) {
            assertThat(small.windowUpdate(Flags.SYN, id, 0)).isEqualTo(FrameOutcome.REFUSED);
        }
        assertRateLimited(() -> small.windowUpdate(Flags.SYN, 9, 0));
    }

    @Test
    @Conforms({"YMX-27", "YMX-76"})
    void countsStreamsThatAreResetInTheirFirstFrame() throws YamuxException {
        for (int i = 0; i < 2048; i++) {
            assertThat(server.windowUpdate(Flags.SYN | Flags.RST, 1, 0)).isEqualTo(FrameOutcome.DROPPED);
        }

        assertRateLimited(() -> server.data(Flags.SYN | Flags.RST, 1, 0));
    }

    @Test
    @Conforms("YMX-76")
    void countsStreamsThatTheOwnerRefuses() throws YamuxException {
        for (int i = 0; i < 2048; i++) {
            server.session.refused(server.nowNanos);
        }

        assertRateLimited(() -> server.session.refused(server.nowNanos));
    }

    // H10
    @Test
    @Conforms("YMX-76")
    void countsStreamsThatAreResetHereForWhatCameOnThem() {
        for (int i = 0; i < 2049; i++) {
            server.session.provokedReset(server.nowNanos);
        }

        assertRateLimited(() -> server.windowUpdate(Flags.SYN, 1, 0));
    }

    /** An honest peer that closes while we still send sends a reset after its FIN. */
    @Test
    void doesNotCountAResetBehindAFinOfAStreamThatIsAnswered() throws YamuxException {
        for (long id = 1; id <= 2 * 3000; id += 2) {
            server.windowUpdate(Flags.SYN, id, 0);
            server.data(Flags.FIN, id, 0);
            server.stream(id).dataSent(4096);
            assertThat(server.windowUpdate(Flags.RST, id, 0)).isEqualTo(FrameOutcome.RESET_BY_PEER);
            server.session.ended(server.stream(id));
        }
        assertThat(server.session.openStreams()).isZero();
    }

    /**
     * After the reset, the stream no longer counts as open, but its work goes on. Without this rule, such work would
     * have no limit.
     */
    @Test
    @Conforms("YMX-76")
    void countsAResetBehindAFinOfAStreamWithoutAnAnswer() throws YamuxException {
        for (long id = 1; id <= 2 * 2048; id += 2) {
            server.windowUpdate(Flags.SYN, id, 0);
            server.data(Flags.FIN, id, 0);
            server.stream(id).dataSent(4095);
            server.windowUpdate(Flags.RST, id, 0);
            server.session.ended(server.stream(id));
        }
        server.windowUpdate(Flags.SYN, 9999, 0);
        server.data(Flags.FIN, 9999, 0);

        assertRateLimited(() -> server.windowUpdate(Flags.RST, 9999, 0));
    }

    // H21
    @Test
    void allowsForAResetMoreForEachStreamThatEndsInGoodOrder() throws YamuxException {
        for (long id = 1; id <= 4 * 3000; id += 4) {
            server.windowUpdate(Flags.SYN, id, 0);
            server.windowUpdate(Flags.RST, id, 0);
            server.session.ended(server.stream(id));
            server.windowUpdate(Flags.SYN, id + 2, 0);
            server.data(Flags.FIN, id + 2, 0);
            server.stream(id + 2).finSent();
            server.session.ended(server.stream(id + 2));
        }
        assertThat(server.session.openStreams()).isZero();
    }

    @Test
    void forgetsResetsAfterAWhile() throws YamuxException {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 2048; i++) {
                server.windowUpdate(Flags.SYN | Flags.RST, 1, 0);
            }
            server.seconds(10);
        }
        assertThat(server.session.openStreams()).isZero();
    }

    @Test
    void doesNotCountResetsOfOwnStreams() throws YamuxException {
        for (int i = 0; i < 1000; i++) {
            YamuxStream stream = client.open();
            assertThat(client.windowUpdate(Flags.RST, stream.id(), 0)).isEqualTo(FrameOutcome.RESET_BY_PEER);
            client.session.ended(stream);
        }
        assertThat(client.session.canOpen()).isTrue();
    }

    @Test
    @Conforms("YMX-69")
    void refusesNewStreamsWhileItIsShuttingDownAndLetsOthersGoOn() throws YamuxException {
        server.windowUpdate(Flags.SYN, 1, 0);
        server.session.refuseStreams();

        assertThat(server.windowUpdate(Flags.SYN, 3, 0)).isEqualTo(FrameOutcome.REFUSED);
        assertThat(server.session.refusal()).isEqualTo(StreamRefusal.SHUTTING_DOWN);
        assertThat(server.data(Flags.NONE, 1, 3)).isEqualTo(FrameOutcome.DATA);
        for (long id = 5; id < 1_000; id += 2) {
            assertThat(server.windowUpdate(Flags.SYN, id, 0))
                    .as("the peer does not know yet, so it is not at fault")
                    .isEqualTo(FrameOutcome.REFUSED);
        }
    }

    private static YamuxSession atId(Role role, long nextId) {
        return new YamuxSession(role, YamuxConfig.defaults(), MemoryBudget.UNLIMITED, nextId);
    }

    private static long openedId(YamuxSession session) {
        try {
            return session.open(0).id();
        } catch (StreamIdsExhaustedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRateLimited(ThrowingCallable receive) {
        assertThatThrownBy(receive)
                .isInstanceOfSatisfying(
                        YamuxException.class, e -> assertThat(e.goAwayCode()).isEqualTo(GoAwayCode.RATE_LIMITED));
    }

    private static void assertProtocolError(ThrowingCallable receive) {
        assertThatThrownBy(receive)
                .isInstanceOfSatisfying(
                        YamuxException.class, e -> assertThat(e.goAwayCode()).isEqualTo(GoAwayCode.PROTOCOL_ERROR));
    }
}
