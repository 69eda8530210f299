package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;

class YamuxStreamTest {
    private static final long ROUND_TRIP = 60_000_000;

    private final ConnectionBudget budget = new ConnectionBudget(1 << 30, MemoryBudget.UNLIMITED);
    private final YamuxStream own = stream(3, Role.INITIATOR);
    private final YamuxStream theirs = stream(4, Role.RESPONDER);

    private YamuxStream stream(long id, Role role) {
        return new YamuxStream(id, role, new ReceiveWindow(1 << 24, budget, 0));
    }

    @Test
    @Conforms("YMX-14")
    void announcesAnOwnStreamWithItsFirstFrame() {
        assertThat(own.openingFlag()).isEqualTo(Flags.SYN);
        assertThat(own.isUnannounced()).isTrue();

        assertThat(own.takeOpeningFlag()).isEqualTo(Flags.SYN);

        assertThat(own.isUnannounced()).isFalse();
        assertThat(own.openingFlag()).isEqualTo(Flags.NONE);
        assertThat(own.takeOpeningFlag()).isEqualTo(Flags.NONE);
    }

    @Test
    @Conforms("YMX-18")
    void acknowledgesAPeersStreamWhenItIsAcceptedAndNotBefore() {
        assertThat(theirs.openingFlag()).isEqualTo(Flags.NONE);
        assertThat(theirs.isUnannounced()).isFalse();

        theirs.accept();

        assertThat(theirs.takeOpeningFlag()).isEqualTo(Flags.ACK);
        assertThat(theirs.takeOpeningFlag()).isEqualTo(Flags.NONE);
    }

    @Test
    @Conforms("YMX-18")
    void acknowledgesNeitherAnOwnStreamNorAnyTwice() {
        own.takeOpeningFlag();
        own.accept();
        assertThat(own.openingFlag()).isEqualTo(Flags.NONE);

        theirs.acknowledge();
        assertThat(theirs.isAcknowledged()).isTrue();
        theirs.accept();
        assertThat(theirs.openingFlag()).isEqualTo(Flags.NONE);
    }

    @Test
    @Conforms("YMX-28")
    void sendsFinOnce() {
        own.finSent();

        assertThatThrownBy(own::finSent).isInstanceOf(IllegalStateException.class);
        assertThat(own.state()).isEqualTo(StreamState.SEND_CLOSED);
    }

    @Test
    @Conforms("YMX-35")
    void staysClosedWhenItIsResetAfterwards() {
        own.finSent();
        own.finReceived();
        own.reset();
        assertThat(own.state()).isEqualTo(StreamState.CLOSED);

        theirs.reset();
        assertThat(theirs.state()).isEqualTo(StreamState.RESET);
    }

    @Test
    void takesCreditForWhatItSends() {
        own.dataSent(100);
        own.dataSent(28);

        assertThat(own.sendWindow().available()).isEqualTo(SendWindow.INITIAL_BYTES - 128);
        assertThatThrownBy(() -> own.dataSent(SendWindow.INITIAL_BYTES)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void remembersWhoIsToBlame() {
        assertThat(theirs.isPeerToBlame()).isFalse();

        theirs.blamePeer();

        assertThat(theirs.isPeerToBlame()).isTrue();
    }

    @Test
    @Conforms("YMX-75")
    void givesBackWhatItsWindowHasGrownByWhenItIsOver() throws YamuxException {
        own.receiveWindow().take(131_072);
        own.receiveWindow().consume(131_072);
        own.receiveWindow().takeUpdate(1, ROUND_TRIP);
        assertThat(budget.grantedBytes()).isEqualTo(262_144);

        own.finSent();
        assertThat(budget.grantedBytes()).as("the peer may still send").isEqualTo(262_144);
        own.finReceived();

        assertThat(budget.grantedBytes()).isZero();
    }

    @ParameterizedTest
    @Conforms({"YMX-28", "YMX-32"})
    @CsvSource({
        "OPEN,           true,  true,  false, SEND_CLOSED, RECEIVE_CLOSED",
        "SEND_CLOSED,    false, true,  false, SEND_CLOSED, CLOSED",
        "RECEIVE_CLOSED, true,  false, false, CLOSED,      RECEIVE_CLOSED",
        "CLOSED,         false, false, true,  ,            ",
        "RESET,          false, false, true,  ,            ",
    })
    void eachStateSaysWhatEitherSideMayStillDo(
            StreamState state,
            boolean canSend,
            boolean canReceive,
            boolean isOver,
            StreamState afterFinSent,
            StreamState afterFinReceived) {
        assertThat(state.canSend()).isEqualTo(canSend);
        assertThat(state.canReceive()).isEqualTo(canReceive);
        assertThat(state.isOver()).isEqualTo(isOver);
        if (canSend) {
            assertThat(state.afterFinSent()).isEqualTo(afterFinSent);
        }
        if (canReceive) {
            assertThat(state.afterFinReceived()).isEqualTo(afterFinReceived);
        }
    }

    @Test
    void isShownInLogsWithIdRoleAndState() {
        assertThat(own).hasToString("stream 3 INITIATOR OPEN");
    }

    @Test
    void aResetSaysWhoSentItAndWithWhichCode() {
        StreamResetException byPeer = new StreamResetException(3, 0x1001, true);
        StreamResetException bySelf = new StreamResetException(5, 0, false);

        assertThat(byPeer.byPeer()).isTrue();
        assertThat(byPeer.code()).isEqualTo(0x1001);
        assertThat(byPeer).hasMessage("stream 3 was reset by the peer: protocol negotiation failed (code 0x1001)");
        assertThat(bySelf.byPeer()).isFalse();
        assertThat(bySelf).hasMessage("stream 5 was reset by this end: no reason given");
    }

    @Test
    @Conforms("YMX-67")
    void theEndOfASessionSaysWithWhichCode() {
        assertThat(new SessionClosedException(2, "the peer has gone away", null).code())
                .isEqualTo(2);
    }
}
