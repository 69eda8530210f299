package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.rule.Action.ArmRepeat;
import org.minip2p.handshake.rule.Action.ArmWait;
import org.minip2p.handshake.rule.Action.CancelRepeat;
import org.minip2p.handshake.rule.Action.CancelWait;
import org.minip2p.handshake.rule.Action.CloseConnection;
import org.minip2p.handshake.rule.Action.StartExchange;
import org.minip2p.handshake.rule.Action.TellCompleted;
import org.minip2p.handshake.rule.Action.TellFailed;
import org.minip2p.handshake.rule.Action.TellUpdated;
import org.minip2p.handshake.rule.Event.Asked;
import org.minip2p.handshake.rule.Event.ConnectionClosed;
import org.minip2p.handshake.rule.Event.ConnectionEstablished;
import org.minip2p.handshake.rule.Event.OursEnded;
import org.minip2p.handshake.rule.Event.RepeatDue;
import org.minip2p.handshake.rule.Event.RequestDied;
import org.minip2p.handshake.rule.Event.RequestOpened;
import org.minip2p.handshake.rule.Event.RequestRefused;
import org.minip2p.handshake.rule.Event.RequestVerified;
import org.minip2p.handshake.rule.Event.ResponseVerified;
import org.minip2p.handshake.rule.Event.WaitEnded;
import org.minip2p.handshake.rule.PeerState.Ask;
import org.minip2p.handshake.rule.PeerState.Repeat;

/**
 * The repeat, the application's asks, and the patience with the peer's exchanges, one by one. Connections 1 and 2 are
 * outbound, 7 and 8 are inbound.
 */
class DueTest {
    private static final Event OUT = new ConnectionEstablished(1, true);
    private static final Event OUT_2 = new ConnectionEstablished(2, true);
    private static final Event IN = new ConnectionEstablished(7, false);
    private static final Event IN_2 = new ConnectionEstablished(8, false);
    private static final Event ASKED = new Asked();
    private static final Event REPEAT_DUE = new RepeatDue();

    private PeerState state = PeerState.UNKNOWN;

    private List<Action> after(Event... events) {
        List<Action> actions = List.of();
        for (Event event : events) {
            HandshakeRule.Outcome outcome = HandshakeRule.apply(state, event);
            state = outcome.state();
            actions = outcome.actions();
        }
        return actions;
    }

    private static Event reset(long connection) {
        return new OursEnded(connection, Ending.STREAM_RESET);
    }

    private static Event answered(long connection) {
        return new ResponseVerified(connection, false);
    }

    private static Event answeredStale(long connection) {
        return new ResponseVerified(connection, true);
    }

    /** Completes the handshake and the repeat on outbound connection 1. */
    private void complete() {
        after(OUT, answered(1), REPEAT_DUE, answered(1));
    }

    // ---- The repeat ------------------------------------------------------------------------------------------------

    @Test
    @Conforms("NIF-38")
    void theFirstExchangeOfOursThatCompletesOnAConnectionIsRepeatedOnce() {
        assertThat(after(OUT, answered(1))).containsExactly(new TellCompleted(1, true), new ArmRepeat());

        assertThat(after(REPEAT_DUE)).containsExactly(new StartExchange(1));
        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
        assertThat(state.repeat()).isEqualTo(Repeat.NONE);
    }

    @Test
    void anExchangeOfThePeersIsNotRepeated() {
        assertThat(after(IN, new RequestOpened(7), new RequestVerified(7, false)))
                .containsExactly(new TellCompleted(7, false), new CancelWait());

        assertThat(after(REPEAT_DUE)).isEmpty();
    }

    @Test
    void anExchangeOfOursThatCompletesWhereThePeersHasIsNotRepeated() {
        after(OUT, new RequestOpened(1), new RequestVerified(1, false));

        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
    }

    @Test
    void eachFirstCompletionStartsTheTimeAnew() {
        after(OUT, OUT_2);

        assertThat(after(answered(1)))
                .containsExactly(new TellCompleted(1, true), new ArmRepeat(), new StartExchange(2));
        assertThat(after(answered(2))).containsExactly(new TellUpdated(2), new ArmRepeat());
        assertThat(after(REPEAT_DUE)).containsExactly(new StartExchange(1));
    }

    @Test
    void aFirstCompletionStartsTheTimeAnewAlsoWhenTheRepeatBeforeIsDue() {
        after(OUT, answered(1), OUT_2, REPEAT_DUE);

        assertThat(after(answered(2))).containsExactly(new TellUpdated(2), new ArmRepeat());
        assertThat(state.repeat()).isEqualTo(Repeat.ARMED);
    }

    @Test
    void aRepeatWaitsForAnExchangeOfOursThatIsInFlightAndIsMadeByIt() {
        after(OUT, OUT_2, answered(1));

        assertThat(after(REPEAT_DUE)).isEmpty();
        assertThat(after(reset(2))).containsExactly(new StartExchange(1));
        assertThat(after(answered(1)).get(0)).isEqualTo(new TellUpdated(1));
        assertThat(state.repeat()).isEqualTo(Repeat.NONE);
    }

    @Test
    void aRepeatGoesInEitherDirectionFirstWhereNoneOfOursHasDied() {
        after(OUT, reset(1), answered(1), IN);

        assertThat(after(REPEAT_DUE)).containsExactly(new StartExchange(7));
    }

    @Test
    void aRepeatDoesNotGoWhereThePeerIsAsking() {
        after(OUT, answered(1), IN, new RequestOpened(1));

        assertThat(after(REPEAT_DUE)).containsExactly(new StartExchange(7));
    }

    @Test
    void aRepeatWaitsForAPeerThatAsksEverywhere() {
        after(OUT, answered(1), new RequestOpened(1));

        assertThat(after(REPEAT_DUE)).isEmpty();
        assertThat(after(new RequestVerified(1, false))).containsExactly(new TellUpdated(1), new StartExchange(1));
    }

    @Test
    void aRepeatGoesBeforeAnOutboundConnectionThatCarriedNone() {
        after(OUT, answered(1), IN, new RequestOpened(7), OUT_2);

        assertThat(after(REPEAT_DUE)).containsExactly(new StartExchange(1));
        assertThat(after(answered(1), new RequestDied(7))).containsExactly(new StartExchange(2));
    }

    @Test
    void aRepeatThatIsResetIsTriedTwiceMoreAndNothingIsTold() {
        after(OUT, answered(1), REPEAT_DUE);

        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).isEmpty();
        assertThat(state.repeat()).isEqualTo(Repeat.DUE);
    }

    @Test
    void aRepeatWithoutTriesRestsUntilThereIsANewConnection() {
        after(OUT, answered(1), REPEAT_DUE, reset(1), reset(1), reset(1));

        assertThat(after(IN)).containsExactly(new StartExchange(7));
    }

    @Test
    void aRepeatWhoseConnectionClosesIsMadeOnAnother() {
        after(OUT, answered(1), IN, REPEAT_DUE);

        assertThat(after(new OursEnded(1, Ending.CONNECTION_CLOSED))).containsExactly(new StartExchange(7));
    }

    @Test
    void aRepeatThatIsRefusedIsToldAndClosesItsConnection() {
        after(OUT, answered(1), REPEAT_DUE);

        assertThat(after(new OursEnded(1, Ending.REFUSED)))
                .containsExactly(new TellFailed(1, true, Ending.REFUSED), new CloseConnection(1));
    }

    @Test
    void aRepeatIsMadeByAnExchangeThatCompletesAfterTheCoverIsLost() {
        after(OUT, answered(1), IN, REPEAT_DUE, new ConnectionClosed(1));

        assertThat(after(answered(7))).containsExactly(new TellUpdated(7), new ArmRepeat());
    }

    @Test
    void theLastCloseEndsARepeat() {
        assertThat(after(OUT, answered(1), new ConnectionClosed(1))).containsExactly(new CancelRepeat());
        assertThat(state).isEqualTo(PeerState.UNKNOWN);

        assertThat(after(OUT, answered(1), REPEAT_DUE, new ConnectionClosed(1))).isEmpty();
        assertThat(state).isEqualTo(PeerState.UNKNOWN);
    }

    @Test
    void aRepeatThatWasCancelledTooLateChangesNothing() {
        complete();
        PeerState before = state;

        assertThat(after(REPEAT_DUE)).isEmpty();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void whatCompletesOnAConnectionThatFailedForGoodIsNoRepeat() {
        after(OUT, new RequestOpened(1), new RequestRefused(1));

        assertThat(after(answered(1))).isEmpty();
        assertThat(state.repeat()).isEqualTo(Repeat.NONE);
    }

    // ---- Asking again ----------------------------------------------------------------------------------------------

    @Test
    void anAskIsMadeAtOnceAndAnsweredByItsExchange() {
        complete();

        assertThat(after(ASKED)).containsExactly(new StartExchange(1));
        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void anAskGoesInEitherDirection() {
        after(IN, new RequestOpened(7), new RequestVerified(7, false));

        assertThat(after(ASKED)).containsExactly(new StartExchange(7));
    }

    @Test
    void anAskIsAnsweredByARequestForWhichOurInfoWasReadAfterIt() {
        complete();
        after(new RequestOpened(1), ASKED);

        assertThat(after(new RequestVerified(1, false))).containsExactly(new TellUpdated(1));
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void anExchangeInFlightCompletesTheHandshakeAndNotTheAsk() {
        after(OUT, ASKED);

        assertThat(after(answeredStale(1)))
                .containsExactly(new TellCompleted(1, true), new ArmRepeat(), new StartExchange(1));
        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void aStaleRequestCompletesTheHandshakeAndNotTheAsk() {
        after(IN, new RequestOpened(7), ASKED);

        assertThat(after(new RequestVerified(7, true)))
                .containsExactly(new TellCompleted(7, false), new CancelWait(), new StartExchange(7));
    }

    @Test
    void askingTwiceIsAskingOnce() {
        complete();

        after(ASKED);
        assertThat(after(ASKED)).isEmpty();
        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
        assertThat(after(ASKED)).containsExactly(new StartExchange(1));
    }

    @Test
    void anAskRenewsTheTriesOfEveryConnection() {
        after(OUT, answered(1), REPEAT_DUE, reset(1), reset(1), reset(1));

        assertThat(after(ASKED)).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
    }

    @Test
    void anAskThatFailsEverywhereIsToldOnceAndStaysOpenForANewConnection() {
        complete();
        after(ASKED, reset(1), reset(1));

        assertThat(after(reset(1))).containsExactly(new TellFailed(1, true, Ending.STREAM_RESET));
        assertThat(after(IN)).containsExactly(new StartExchange(7));
        assertThat(after(answered(7))).containsExactly(new TellUpdated(7), new ArmRepeat());
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void anAskThatFailsEverywhereStaysOpenForARequest() {
        complete();
        after(ASKED, reset(1), reset(1), reset(1), new RequestOpened(1));

        assertThat(after(new RequestVerified(1, false))).containsExactly(new TellUpdated(1));
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void theFailureOfAnAskIsThatOfTheConnectionThatDiedLast() {
        complete();
        after(IN, new RequestOpened(7), ASKED, reset(1), reset(1), reset(1));
        after(new RequestDied(7), new OursEnded(7, Ending.TIMEOUT), new OursEnded(7, Ending.TIMEOUT));

        assertThat(after(new OursEnded(7, Ending.TIMEOUT))).containsExactly(new TellFailed(7, true, Ending.TIMEOUT));
    }

    @Test
    void theFailureOfAnAskIsToldWhenItsOtherConnectionCloses() {
        complete();
        after(IN, new RequestOpened(7), ASKED, reset(1), reset(1), reset(1));

        assertThat(after(new ConnectionClosed(7))).containsExactly(new TellFailed(1, true, Ending.STREAM_RESET));
    }

    @Test
    void anAskMayTellAgainWhatWasToldOfTransientFailures() {
        complete();
        after(ASKED, reset(1), reset(1), reset(1), ASKED, reset(1), reset(1));

        assertThat(after(reset(1))).containsExactly(new TellFailed(1, true, Ending.STREAM_RESET));
    }

    @Test
    void withoutAnotherAskAFailureIsNotToldTwice() {
        complete();
        after(ASKED, reset(1), reset(1), reset(1), IN, reset(7), reset(7), reset(7));
        PeerState told = state;

        assertThat(told.ask()).isEqualTo(Ask.OPEN);
        assertThat(after(new ConnectionClosed(7))).isEmpty();
    }

    @Test
    void anAskDoesNotTellAgainWhatFailedForGood() {
        after(OUT, IN, new OursEnded(1, Ending.REFUSED), answered(7), ASKED);
        after(answered(7));

        assertThat(state.connections())
                .filteredOn(connection -> connection.id() == 1)
                .allMatch(connection -> connection.hasTold(Ending.REFUSED));
    }

    @Test
    void anAskThatIsRefusedGoesOnToTheNextConnection() {
        complete();
        after(IN, new RequestOpened(7), new RequestVerified(7, false), ASKED);

        assertThat(after(new OursEnded(1, Ending.REFUSED)))
                .containsExactly(new TellFailed(1, true, Ending.REFUSED), new CloseConnection(1), new StartExchange(7));
        assertThat(after(new OursEnded(7, Ending.REFUSED)))
                .containsExactly(new TellFailed(7, true, Ending.REFUSED), new CloseConnection(7));
        assertThat(after(ASKED)).isEmpty();
    }

    @Test
    void anAskOfAPeerWithoutCoverIsItsHandshake() {
        after(IN);

        assertThat(after(ASKED)).isEmpty();
        assertThat(after(new WaitEnded())).containsExactly(new StartExchange(7));
        assertThat(after(answered(7))).containsExactly(new TellCompleted(7, true), new ArmRepeat());
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    @Test
    void anAskEndsTheRestAfterTheLastTry() {
        after(OUT, reset(1), reset(1), reset(1));

        assertThat(after(ASKED)).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new TellFailed(1, true, Ending.STREAM_RESET));
    }

    @Test
    void anAskThatFailsAfterTheCoverIsLostIsTold() {
        complete();
        after(IN, ASKED, new ConnectionClosed(1), answeredStale(7), new ConnectionClosed(7));
        assertThat(state).isEqualTo(PeerState.UNKNOWN);

        complete();
        after(IN, new RequestOpened(7), ASKED, new ConnectionClosed(1), new RequestDied(7), new WaitEnded());
        after(reset(7), reset(7));
        assertThat(after(reset(7))).containsExactly(new TellFailed(7, true, Ending.STREAM_RESET));
    }

    @Test
    void theLastCloseEndsAnAskAndNothingIsTold() {
        complete();
        after(ASKED, reset(1));

        assertThat(after(new ConnectionClosed(1))).isEmpty();
        assertThat(state).isEqualTo(PeerState.UNKNOWN);
    }

    @Test
    void aConnectionThatFailedForGoodIsNotAsked() {
        complete();
        after(new RequestOpened(1), new RequestRefused(1));

        assertThat(after(ASKED)).isEmpty();
    }

    @Test
    void oneExchangeIsTheRepeatAndTheAnswer() {
        after(OUT, answered(1), REPEAT_DUE, ASKED);

        assertThat(after(answered(1))).containsExactly(new TellUpdated(1));
        assertThat(state.repeat()).isEqualTo(Repeat.NONE);
        assertThat(state.ask()).isEqualTo(Ask.NONE);
    }

    // ---- Patience --------------------------------------------------------------------------------------------------

    @Test
    @Conforms("NIF-39")
    void afterThreeDeathsThePeersExchangesHoldNothingBack() {
        after(IN, new RequestOpened(7), OUT);

        assertThat(after(new RequestOpened(7), new RequestDied(7))).isEmpty();
        assertThat(after(new RequestOpened(7), new RequestDied(7))).isEmpty();
        assertThat(after(new RequestOpened(7), new RequestDied(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void aCloseCountsForEachExchangeThatItEnds() {
        after(IN, IN_2, new RequestOpened(7), new RequestOpened(7), new RequestOpened(7), new RequestOpened(8), OUT);

        assertThat(after(new ConnectionClosed(7))).containsExactly(new StartExchange(1));
        assertThat(state.peerDeaths()).isEqualTo(3);
    }

    @Test
    void moreDeathsAreNotCounted() {
        after(IN);
        for (int i = 0; i < 5; i++) {
            after(new RequestOpened(7), new RequestDied(7));
        }

        assertThat(state.peerDeaths()).isEqualTo(3);
    }

    @Test
    void whatNeverBeganDoesNotDie() {
        after(IN, new RequestDied(7), new RequestDied(7), new RequestDied(7), new RequestOpened(7));

        assertThat(after(OUT)).isEmpty();
    }

    @Test
    void anExchangeThatIsVerifiedRenewsThePatience() {
        after(IN, OUT, new RequestOpened(7), new RequestDied(7), new RequestOpened(7), new RequestDied(7));
        after(new RequestOpened(7), new RequestVerified(7, false));

        assertThat(state.peerDeaths()).isZero();
    }

    @Test
    void aRefusedRequestIsNoDeath() {
        after(IN, new RequestOpened(7), new RequestRefused(7));

        assertThat(state.peerDeaths()).isZero();
    }

    @Test
    void aCoveredPeerIsHeldBackByNoMoreThanThreeEither() {
        complete();
        after(IN, new RequestOpened(7), new RequestOpened(1));
        after(new RequestDied(7), new RequestOpened(7), new RequestDied(7), new RequestOpened(7));

        assertThat(after(OUT_2)).isEmpty();
        assertThat(after(new RequestDied(7))).containsExactly(new StartExchange(2));
    }

    @Test
    void anAskGoesWhereThePeerIsAskingWhenThePatienceIsOver() {
        complete();
        after(new RequestOpened(1), new RequestOpened(1), new RequestDied(1), new RequestOpened(1), new RequestDied(1));

        assertThat(after(ASKED)).isEmpty();
        assertThat(after(new RequestOpened(1), new RequestDied(1))).containsExactly(new StartExchange(1));
    }

    @Test
    void theLastCloseEndsThePatience() {
        after(IN, new RequestOpened(7), new ConnectionClosed(7));

        assertThat(state).isEqualTo(PeerState.UNKNOWN);
        assertThat(after(IN)).containsExactly(new ArmWait());
    }
}
