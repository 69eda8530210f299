package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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

/**
 * The clauses one by one. {@link ExplorationTest} checks that they work together. Connections 1 and 2 are outbound, 7
 * and 8 are inbound.
 */
class HandshakeRuleTest {
    private static final Event OUT = new ConnectionEstablished(1, true);
    private static final Event OUT_2 = new ConnectionEstablished(2, true);
    private static final Event IN = new ConnectionEstablished(7, false);
    private static final Event IN_2 = new ConnectionEstablished(8, false);

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

    @Test
    void clause1StartsNothingWhileOursIsInFlight() {
        assertThat(after(OUT)).containsExactly(new StartExchange(1));

        assertThat(after(OUT_2)).isEmpty();
        assertThat(after(IN)).isEmpty();
    }

    @Test
    void clause2LetsThePeerFinishAndRunsAgainHoweverItEnds() {
        after(IN, new RequestOpened(7));

        assertThat(after(OUT)).isEmpty();
        assertThat(after(new RequestDied(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void clause2EndsWithTheConnectionOfThePeersExchange() {
        after(IN, new RequestOpened(7), OUT);

        assertThat(after(new ConnectionClosed(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void clause3AsksOnEachOutboundConnectionWhenCovered() {
        after(IN, new RequestOpened(7));
        after(OUT);

        assertThat(after(new RequestVerified(7, false)))
                .containsExactly(new TellCompleted(7, false), new CancelWait(), new StartExchange(1));
        assertThat(after(new ResponseVerified(1, false))).containsExactly(new TellUpdated(1), new ArmRepeat());
        assertThat(after(OUT_2)).containsExactly(new StartExchange(2));
    }

    @Test
    void clause3LetsThePeerFinishFirst() {
        after(IN, new RequestOpened(7), new RequestVerified(7, false), new RequestOpened(7));

        assertThat(after(OUT)).isEmpty();
        assertThat(after(new RequestDied(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void clause3StartsNothingOnInboundConnections() {
        after(OUT, new ResponseVerified(1, false));

        assertThat(after(IN)).isEmpty();
    }

    @Test
    void clause4TriesTheUntriedFirstOutboundBeforeInbound() {
        after(OUT, IN, OUT_2);

        assertThat(after(reset(1))).containsExactly(new StartExchange(2));
        assertThat(after(reset(2))).containsExactly(new StartExchange(7));
        assertThat(after(reset(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void clause5WaitsOncePerPeer() {
        assertThat(after(IN)).containsExactly(new ArmWait());
        assertThat(after(IN_2)).isEmpty();

        assertThat(after(new WaitEnded())).containsExactly(new StartExchange(7));
    }

    @Test
    void clause5KeepsTheEndOfAWaitThatCameWhileOursWasInFlight() {
        after(IN, OUT);

        assertThat(after(new WaitEnded())).isEmpty();
        assertThat(after(new ConnectionClosed(1))).containsExactly(new StartExchange(7));
    }

    @Test
    void aRequestThatDiesStopsNoWait() {
        after(IN, new RequestOpened(7));

        assertThat(after(new RequestDied(7))).isEmpty();
        assertThat(after(new WaitEnded())).containsExactly(new StartExchange(7));
    }

    @Test
    void aWaitThatWasCancelledTooLateChangesNothing() {
        after(IN, new RequestOpened(7), new RequestVerified(7, false));
        PeerState before = state;

        assertThat(after(new WaitEnded())).isEmpty();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void aResetAllowsTwoMoreTriesAndIsThenToldOnce() {
        after(OUT);

        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(reset(1))).containsExactly(new StartExchange(1));
        assertThat(after(new OursEnded(1, Ending.TIMEOUT))).containsExactly(new TellFailed(1, true, Ending.TIMEOUT));
        assertThat(after(new ConnectionClosed(1))).isEmpty();
    }

    @Test
    void aRestEndsWithANewConnection() {
        after(OUT, reset(1), reset(1), reset(1));

        assertThat(after(IN)).containsExactly(new StartExchange(7));
    }

    @Test
    void aRestEndsWithARequest() {
        after(OUT, reset(1), reset(1), reset(1), new RequestOpened(1));

        assertThat(after(new RequestVerified(1, false))).containsExactly(new TellCompleted(1, false));
    }

    @Test
    void noFailureIsToldWhileAnotherConnectionHasTries() {
        after(OUT, reset(1), reset(1), IN);

        assertThat(after(reset(1))).containsExactly(new StartExchange(7));
        assertThat(after(new ResponseVerified(7, false))).containsExactly(new TellCompleted(7, true), new ArmRepeat());
    }

    @Test
    void aCloseCostsNoTry() {
        for (int i = 10; i < 20; i++) {
            after(new ConnectionEstablished(i, true));
        }

        for (int i = 10; i < 19; i++) {
            assertThat(after(new ConnectionClosed(i))).containsExactly(new StartExchange(i + 1));
        }
    }

    @Test
    void nothingIsStartedWhereTheConnectionIsGoing() {
        after(OUT, IN);

        assertThat(after(new OursEnded(1, Ending.CONNECTION_CLOSED))).containsExactly(new StartExchange(7));
        assertThat(after(reset(7))).containsExactly(new StartExchange(7));
    }

    @Test
    void theLastCloseTellsThatOursWasUnfinishedAndLeavesNothing() {
        after(IN, OUT, new OursEnded(1, Ending.CONNECTION_CLOSED), new ConnectionClosed(1));

        assertThat(after(new ConnectionClosed(7)))
                .containsExactly(new TellFailed(7, true, Ending.CONNECTION_CLOSED), new CancelWait());
        assertThat(state).isEqualTo(PeerState.UNKNOWN);
    }

    @Test
    void theLastCloseIsNoFailureWhenThereWasNoneOfOurs() {
        after(IN, new RequestOpened(7));

        assertThat(after(new ConnectionClosed(7))).containsExactly(new CancelWait());
    }

    @Test
    void theLastCloseIsNoFailureAfterCompleted() {
        after(OUT, new ResponseVerified(1, false), OUT_2);

        after(new ConnectionClosed(1));
        assertThat(after(new ConnectionClosed(2))).containsExactly(new CancelRepeat());
    }

    @Test
    void losingCoverStartsAgainAndTellsNoSecondCompleted() {
        after(OUT, new ResponseVerified(1, false), IN);

        assertThat(after(new ConnectionClosed(1))).containsExactly(new ArmWait());
        assertThat(after(new WaitEnded())).containsExactly(new StartExchange(7));
        assertThat(after(new ResponseVerified(7, false))).containsExactly(new TellUpdated(7), new ArmRepeat());
    }

    @Test
    void losingCoverRenewsTheTries() {
        after(IN, new RequestOpened(7), new RequestVerified(7, false), OUT, reset(1), reset(1));
        assertThat(after(reset(1))).as("the last try").isEmpty();

        assertThat(after(new ConnectionClosed(7))).containsExactly(new StartExchange(1));
    }

    @Test
    void aCloseThatLosesNoCoverRenewsNoTries() {
        after(OUT, IN, reset(1), reset(7), reset(1), reset(7), reset(1));

        assertThat(after(new ConnectionClosed(7))).containsExactly(new TellFailed(1, true, Ending.STREAM_RESET));
    }

    @Test
    void aPeerIsCoveredWhileAConnectionIsOpenOnWhichAnExchangeHasCompleted() {
        after(OUT, IN);
        assertThat(state.isCovered()).isFalse();
        after(new ResponseVerified(1, false));
        assertThat(state.isCovered()).isTrue();

        after(new ConnectionClosed(1));

        assertThat(state.isCovered()).isFalse();
    }

    /** A refusal is reported at once, as such, and not again at the last close. */
    @Test
    void theFailureThatALastCloseLeavesIsThatOfAConnectionThatWasReset() {
        after(OUT, new OursEnded(1, Ending.REFUSED), OUT_2, IN);
        after(reset(2), reset(7), reset(2), reset(7), reset(2));

        assertThat(after(new ConnectionClosed(7))).containsExactly(new TellFailed(2, true, Ending.STREAM_RESET));
    }

    @Test
    void completedIsToldAgainAfterTheLastConnectionHasClosed() {
        after(OUT, new ResponseVerified(1, false), new ConnectionClosed(1), OUT_2);

        assertThat(after(new ResponseVerified(2, false))).containsExactly(new TellCompleted(2, true), new ArmRepeat());
    }

    @Test
    void aPermanentFailureClosesItsConnectionAndNoOther() {
        after(OUT, IN);

        assertThat(after(new OursEnded(1, Ending.REFUSED)))
                .containsExactly(new TellFailed(1, true, Ending.REFUSED), new CloseConnection(1), new StartExchange(7));
    }

    @Test
    void aRefusedRequestIsAPermanentFailure() {
        after(IN, new RequestOpened(7));

        assertThat(after(new RequestRefused(7)))
                .containsExactly(new TellFailed(7, false, Ending.REFUSED), new CloseConnection(7), new CancelWait());
    }

    @Test
    void nothingCompletesOnAConnectionThatFailedPermanently() {
        after(IN, new RequestOpened(7), new RequestRefused(7));

        assertThat(after(new RequestOpened(7))).isEmpty();
        assertThat(after(new RequestVerified(7, false))).isEmpty();
        assertThat(after(new RequestOpened(7))).isEmpty();
        assertThat(after(new RequestRefused(7))).isEmpty();
        assertThat(after(new ConnectionClosed(7))).isEmpty();
    }

    @Test
    void aRefusalOwesNothingForAnExchangeThatItsCloseCuts() {
        after(OUT, new RequestOpened(1), new RequestRefused(1), IN);

        assertThat(after(new ConnectionClosed(1))).containsExactly(new ArmWait());
        assertThat(after(new ConnectionClosed(7))).containsExactly(new CancelWait());
    }

    @Test
    void anEndOfOursThatCameTwiceCountsOnce() {
        after(OUT, new ResponseVerified(1, false));
        PeerState before = state;

        assertThat(after(reset(1))).isEmpty();
        assertThat(after(new ResponseVerified(1, false))).isEmpty();
        assertThat(state).isEqualTo(before);
    }

    @Test
    void crossingExchangesCompleteOnce() {
        after(OUT, new RequestOpened(1));

        assertThat(after(new RequestVerified(1, false))).containsExactly(new TellCompleted(1, false));
        assertThat(after(new ResponseVerified(1, false))).containsExactly(new TellUpdated(1));
    }

    @Test
    void countsConnectionsByTheirIds() {
        after(OUT, IN, IN_2);
        assertThat(state.outbound()).isEqualTo(1);
        assertThat(state.inbound()).isEqualTo(2);

        after(new ConnectionClosed(8), new ConnectionClosed(8), new ConnectionClosed(99));

        assertThat(state.outbound()).isEqualTo(1);
        assertThat(state.inbound()).isEqualTo(1);
    }

    @Test
    void eventsOfConnectionsThatAreNotThereArePassedOver() {
        List<Event> late = List.of(
                new ConnectionClosed(9),
                new RequestOpened(9),
                new RequestVerified(9, false),
                new RequestDied(9),
                new RequestRefused(9),
                new ResponseVerified(9, false),
                reset(9),
                new OursEnded(9, Ending.REFUSED),
                new WaitEnded(),
                new RepeatDue(),
                new Asked());

        for (Event event : late) {
            assertThat(after(event)).as(event.toString()).isEmpty();
            assertThat(state).as(event.toString()).isEqualTo(PeerState.UNKNOWN);
        }
    }

    /**
     * The gap in the seed rule: two connections, one dialed by each end, and the 24 orders in which the ends see them.
     */
    @Test
    void theSeedRuleStartsNothingInSixOfTheFourEventsOrdersAndOursAlwaysSomething() {
        int[] seedOrders = new int[3];
        int[] ourOrders = new int[3];
        for (List<Integer> order : orders(List.of(0, 1, 2, 3))) {
            seedOrders[starts(new SeedBehaviour(false), order)]++;
            ourOrders[starts(OurBehaviour.whole(), order)]++;
        }

        assertThat(seedOrders).containsExactly(6, 12, 6);
        assertThat(ourOrders).containsExactly(0, 0, 24);
    }

    /**
     * The orders in which every listener has its connection before the dialer, and those in which every dialer is
     * first. The muxer negotiation decides which of the two happens.
     */
    @Test
    void theSeedRuleStartsNothingInFourOfSixOrdersWhenListenersAreFirstAndTwiceInFourWhenDialersAre() {
        int[] listenersFirst = new int[3];
        int[] dialersFirst = new int[3];
        for (List<Integer> order : orders(List.of(0, 1, 2, 3))) {
            // End 0 dials connection 0 (event 0), and end 1 dials connection 1 (event 3).
            boolean isDialerFirstOf0 = order.indexOf(0) < order.indexOf(1);
            boolean isDialerFirstOf1 = order.indexOf(3) < order.indexOf(2);
            if (isDialerFirstOf0 && isDialerFirstOf1) {
                dialersFirst[starts(new SeedBehaviour(false), order)]++;
            } else if (!isDialerFirstOf0 && !isDialerFirstOf1) {
                listenersFirst[starts(new SeedBehaviour(false), order)]++;
            }
        }

        assertThat(listenersFirst).containsExactly(4, 2, 0);
        assertThat(dialersFirst).containsExactly(0, 2, 4);
    }

    /**
     * The number of exchanges that are started if nothing else happens. Bit 0 of an event is the end, bit 1 the dialer.
     */
    private static <S> int starts(Behaviour<S> behaviour, List<Integer> order) {
        List<S> ends = new ArrayList<>(List.of(behaviour.unknown(), behaviour.unknown()));
        int starts = 0;
        for (int event : order) {
            int end = event & 1;
            int dialer = event >> 1;
            Behaviour.Outcome<S> outcome =
                    behaviour.apply(ends.get(end), ModelEvent.established(dialer, dialer == end));
            ends.set(end, outcome.state());
            starts += (int) outcome.actions().stream()
                    .filter(StartExchange.class::isInstance)
                    .count();
        }
        return starts;
    }

    private static List<List<Integer>> orders(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> others = items.stream().filter(i -> !i.equals(first)).toList();
            for (List<Integer> rest : orders(others)) {
                List<Integer> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }
}
