package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The information that failures offer to the code that catches them. */
class Libp2pExceptionTest {
    private static final PeerId DIALED = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
    private static final PeerId FOUND = PeerId.parse("QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC");

    @Test
    void namesBothPeersWhereAnotherOneAnswered() {
        PeerIdMismatchException failure = new PeerIdMismatchException(DIALED, FOUND);

        assertThat(failure).hasMessage("expected peer " + DIALED + ", found " + FOUND);
        assertThat(failure.expected()).isEqualTo(DIALED);
        assertThat(failure.actual()).isEqualTo(FOUND);
    }

    @Test
    void hasTheCodeThatEndedASession() {
        IllegalStateException cause = new IllegalStateException("why");
        SessionClosedException failure = new SessionClosedException(2, "internal error", cause);

        assertThat(failure.code()).isEqualTo(2);
        assertThat(failure).hasMessage("internal error").hasCause(cause);
    }

    @Test
    void listsWhatWasProposedInItsOrder() {
        List<ProtocolId> proposals = List.of(new ProtocolId("/b"), new ProtocolId("/a"));

        assertThat(new UnsupportedProtocolException("expected /b or /a, got na", proposals, null).proposals())
                .containsExactly(new ProtocolId("/b"), new ProtocolId("/a"));
    }

    @Test
    void saysHowMuchDidNotFit() {
        assertThat(new StreamQueueFullException(900, 200, 1_000))
                .hasMessageStartingWith("a write of 200 bytes does not fit: 900 of 1000 bytes wait already");
        assertThat(new StreamIdsExhaustedException()).hasMessageContaining("ids");
    }

    /** Numbers arrive on a stream in pieces, so this is a normal case there and must be cheap. */
    @Test
    void hasNoTraceWhereANumberIsNotWholeYet() {
        VarintException incomplete = new VarintException(VarintException.Reason.INCOMPLETE);

        assertThat(incomplete.getStackTrace()).isEmpty();
        assertThat(incomplete.fillInStackTrace()).isSameAs(incomplete);
        assertThat(incomplete.getStackTrace()).isEmpty();
    }

    /** Each connection ends with such an exception, and most ends are normal. */
    @Test
    void hasNoTraceWhereASessionHasEnded() {
        SessionClosedException closed = new SessionClosedException(0, "by the test", null);

        assertThat(closed.getStackTrace()).isEmpty();
        assertThat(closed.fillInStackTrace()).isSameAs(closed);
        assertThat(closed.getStackTrace()).isEmpty();
    }
}
