package org.minip2p.multistream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;

/**
 * The end that proposes. It sends its header together with its first proposal, without waiting (MSS-10, DIS-17); after {@code na}
 * it sends the next proposal. Only the exact echo accepts and only {@code na} refuses (MSS-9). Confined to one thread.
 */
public final class Initiator extends Negotiation {
    // The peer would misinterpret both: as a second header (MSS-28), and as an old extension (MSS-29).
    private static final List<String> NEVER_PROPOSED = List.of(Message.HEADER_TEXT, Responder.SIMULTANEOUS_CONNECT);

    private final List<ProtocolId> proposals;
    private final boolean isLazy;
    private int current;
    private byte[] currentText;
    private boolean hasOpened;

    private Initiator(List<ProtocolId> proposals, boolean isLazy) {
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("at least one proposal is needed");
        }
        for (int i = 0; i < proposals.size(); i++) { // nearly always one, so an iterator is not worth it
            if (NEVER_PROPOSED.contains(proposals.get(i).value())) {
                throw new IllegalArgumentException(proposals.get(i) + " cannot be proposed");
            }
        }
        this.proposals = List.copyOf(proposals);
        this.isLazy = isLazy;
        this.currentText = textOf(this.proposals.get(0));
    }

    /**
     * An initiator whose owner waits for the agreement.
     *
     * @param proposals at least one, the preferred one first
     * @throws IllegalArgumentException when there is none, or when one is part of multistream-select itself
     */
    public static Initiator waiting(List<ProtocolId> proposals) {
        return new Initiator(proposals, false);
    }

    /**
     * An initiator whose owner continues as if the only proposal had been accepted (MSS-30), but passes on no received data
     * before the agreement (MSS-31). An end of input before it means that the protocol is not supported. It allows no second
     * proposal, because data sent for the first cannot be withdrawn (MSS-33).
     *
     * @throws IllegalArgumentException when the proposal is part of multistream-select itself
     */
    public static Initiator lazy(ProtocolId proposal) {
        return new Initiator(List.of(proposal), true);
    }

    @Override
    public byte[] beforeWaiting() {
        if (hasOpened) {
            return Message.NOTHING;
        }
        hasOpened = true;
        return Message.encodeAfterHeader(currentText);
    }

    @Override
    Outcome answerTo(byte[] text) throws UnsupportedProtocolException, NegotiationFailedException {
        if (Arrays.equals(text, currentText)) {
            return Outcome.agreed(proposals.get(current), Message.NOTHING);
        }
        if (!Arrays.equals(text, Message.NA_TEXT_BYTES)) {
            throw new NegotiationFailedException("the answer to " + proposals.get(current)
                    + " is the same text or 'na', and not " + Message.printable(text));
        }
        if (current + 1 == proposals.size()) {
            throw new UnsupportedProtocolException("the peer supports none of " + proposals, proposals, null);
        }
        current++;
        currentText = textOf(proposals.get(current));
        return Outcome.reply(Message.encode(currentText));
    }

    @Override
    public Libp2pException endOfInput() {
        String message = whereInputEnded() + ", and the answer to " + proposals.get(current) + " is due";
        return isLazy
                ? new UnsupportedProtocolException(message, proposals, null)
                : new NegotiationFailedException(message);
    }

    @Override
    Libp2pException meaningOf(NegotiationFailedException malformed) {
        return malformed;
    }

    private static byte[] textOf(ProtocolId protocol) {
        return protocol.value().getBytes(StandardCharsets.UTF_8);
    }
}
