package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.CloseCause;
import org.minip2p.host.DialCondition;

/** What a pair of nodes came to, judged by the events of our side and the output lines of the other side. */
class ForkPairTest {

    private static final PeerId PEER =
            PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

    private static final HandshakeEvent COMPLETED =
            new HandshakeEvent.Completed(PEER, NodeInfo.of("0x00000502"), 1, true, Duration.ofMillis(1));

    private static final CloseCause LOCAL = new CloseCause(CloseCause.Reason.LOCAL, null);
    private static final CloseCause REMOTE = new CloseCause(CloseCause.Reason.REMOTE, null);

    private static final String GOOD = "{\"event\":\"handshake\",\"ok\":true}";
    private static final String CLOSING =
            "{\"event\":\"closing\",\"reason\":\"network-mismatch\",\"error\":\"theirs is old\",\"connections\":1}";

    private long nanos = 1;

    private ForkPair pair(ForkPhase phase) {
        return new ForkPair(
                new ForkPlan.Round(
                        phase, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, DialCondition.ALWAYS),
                () -> nanos);
    }

    private static JsonLine line(String text) {
        try {
            return JsonLine.parse(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static HandshakeEvent failed(long connection, FailureReason reason) {
        return new HandshakeEvent.Failed(PEER, connection, true, reason);
    }

    private static HandshakeEvent mismatch(long connection) {
        return failed(connection, new FailureReason.NetworkMismatch(Set.of("0x00000503"), "0x00000502"));
    }

    @Test
    void isWithoutFaultWhenBothSidesAreCompleteAndConnected() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.told(COMPLETED);
        pair.told(line(GOOD));
        pair.asked();

        ForkOutcome outcome = pair.outcome(1, 1);

        assertThat(outcome.fault(false)).isNull();
        assertThat(outcome.heldBefore()).isTrue();
        assertThat(outcome.goneAfterAsk()).isNull();
    }

    @Test
    void tellsOurCloseByTheFailureOfThatConnection() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.established();
        pair.told(mismatch(7));
        pair.told(failed(8, new FailureReason.Timeout()));
        pair.closed(7, LOCAL);
        pair.closed(8, LOCAL);

        ForkOutcome outcome = pair.outcome(0, 0);

        assertThat(outcome.weTold()).containsExactly("network-mismatch", "timeout");
        assertThat(outcome.closes())
                .containsExactly(
                        new ForkOutcome.Close(true, "network-mismatch", false),
                        new ForkOutcome.Close(true, "local", false));
        assertThat(outcome.fault(false)).contains("we refused a network that we accept");
    }

    @Test
    void tellsTheirCloseByWhatThePeerSaidAboutIt() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.closed(1, REMOTE);
        nanos += TimeUnit.SECONDS.toNanos(1);
        pair.told(line(CLOSING)); // the output may be read later than the close

        ForkOutcome outcome = pair.outcome(0, 0);

        assertThat(outcome.closes()).containsExactly(new ForkOutcome.Close(false, "network-mismatch", false));
        assertThat(outcome.fault(true)).contains("not connected");
    }

    @Test
    void doesNotExplainACloseByWhatWasSaidOfAnotherOne() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.told(line(CLOSING));
        nanos += TimeUnit.SECONDS.toNanos(30);
        pair.closed(1, REMOTE);

        assertThat(pair.outcome(0, 0).closes()).containsExactly(new ForkOutcome.Close(false, "remote", false));
    }

    @Test
    void namesAnErrorWithoutAMessageByItsType() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.closed(1, new CloseCause(CloseCause.Reason.ERROR, new ClosedChannelException()));

        assertThat(pair.outcome(0, 0).closes())
                .containsExactly(
                        new ForkOutcome.Close(false, "error: java.nio.channels.ClosedChannelException", false));
    }

    @Test
    void isAFaultWhenAConnectionIsClosedWithAPeerThatAcceptsBothNetworks() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.told(line(CLOSING));
        pair.closed(1, REMOTE);
        pair.established();
        pair.told(COMPLETED);
        pair.told(line(GOOD));

        ForkOutcome outcome = pair.outcome(1, 1);

        assertThat(outcome.fault(false)).contains("a connection was closed");
        assertThat(outcome.fault(true)).as("a strict peer may close it").isNull();
    }

    @Test
    void isAFaultWhenItCompletesTwiceWithoutAMomentWithoutConnection() {
        ForkPair pair = pair(ForkPhase.AFTER);
        pair.established();
        pair.told(line(GOOD));
        pair.told(COMPLETED);
        pair.closed(1, REMOTE);
        pair.established();
        pair.told(COMPLETED);
        assertThat(pair.outcome(1, 1).completions())
                .as("completions while there is a connection")
                .isEqualTo(1);

        pair.told(COMPLETED);

        assertThat(pair.outcome(1, 1).fault(true)).contains("completed 2 times");
    }

    @Test
    void isAFaultWhenOneSideAloneIsConnected() {
        ForkPair pair = pair(ForkPhase.AFTER);
        pair.established();
        pair.told(COMPLETED);
        pair.told(line(GOOD));

        assertThat(pair.outcome(1, 0).fault(false)).contains("connected on one side");
    }

    @Test
    void measuresFromTheAskToTheLastCloseOfAPeerThatStays() {
        ForkPair pair = pair(ForkPhase.STAYS);
        pair.established();
        pair.established();
        pair.told(COMPLETED);
        pair.asked();
        nanos += TimeUnit.MILLISECONDS.toNanos(20);
        pair.told(mismatch(1));
        pair.closed(1, LOCAL);
        assertThat(pair.isOpen()).isTrue();
        nanos += TimeUnit.MILLISECONDS.toNanos(30);
        pair.told(mismatch(2));
        pair.closed(2, LOCAL);

        ForkOutcome outcome = pair.outcome(0, 0);

        assertThat(outcome.fault(false)).isNull();
        assertThat(outcome.goneAfterAsk()).isEqualTo(Duration.ofMillis(50));
        assertThat(outcome.closes()).allMatch(ForkOutcome.Close::afterAsk);
    }

    @Test
    void isAFaultWhenAPeerThatStaysIsKeptOrNothingIsTold() {
        ForkPair kept = pair(ForkPhase.STAYS);
        kept.established();
        kept.asked();
        ForkPair untold = pair(ForkPhase.STAYS);
        untold.established();
        untold.asked();
        untold.closed(1, LOCAL);
        ForkPair refused = pair(ForkPhase.STAYS);
        refused.established();
        refused.asked();
        refused.closed(1, REMOTE);
        ForkPair never = pair(ForkPhase.STAYS);
        never.asked();

        assertThat(kept.outcome(1, 1).fault(false)).contains("still connected");
        assertThat(untold.outcome(0, 0).fault(false)).contains("no failure was reported");
        assertThat(refused.outcome(0, 0).fault(false))
                .as("the fault, although the peer may close first")
                .isNull();
        assertThat(never.outcome(0, 0).fault(false)).contains("not connected until the window's end");
    }

    @Test
    void isNoFaultWhenOurHostClosesADuplicate() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        pair.established();
        pair.established();
        pair.told(COMPLETED);
        pair.told(line(GOOD));
        pair.closed(2, new CloseCause(CloseCause.Reason.SUPERSEDED, null));

        ForkOutcome outcome = pair.outcome(1, 1);

        assertThat(outcome.closes()).containsExactly(new ForkOutcome.Close(true, "superseded", false));
        assertThat(outcome.fault(false)).isNull();
    }

    @Test
    void isDialedAgainOnlyWithoutAConnection() {
        ForkPair pair = pair(ForkPhase.INSIDE);
        assertThat(pair.isLost()).isTrue();
        pair.established();

        assertThat(pair.isLost()).isFalse();
        assertThat(pair.outcome(1, 1).dialedAgain()).isFalse();
    }
}
