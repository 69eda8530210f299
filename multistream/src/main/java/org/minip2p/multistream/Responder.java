package org.minip2p.multistream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.Printable;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.UnsupportedProtocolException;

/**
 * The end that answers. A proposal that it supports is echoed, and the negotiation is over (MSS-6); anything else is answered with
 * {@code na} (MSS-7): unknown ids, {@code ls} (MSS-25), text that is not a protocol id or not UTF-8 (MSS-18, MSS-19), and
 * {@code /libp2p/simultaneous-connect} (MSS-29). Its header leaves together with its first answer, or alone if the initiator's
 * header came alone, since an initiator may wait for it. Confined to one thread.
 */
public final class Responder extends Negotiation {
    /** The deprecated extension, which is always refused. */
    static final String SIMULTANEOUS_CONNECT = "/libp2p/simultaneous-connect";

    private static final String REPLACEMENT = "\uFFFD";

    private final Predicate<ProtocolId> supports;
    private final int maxProposals;
    private List<ProtocolId> refused = List.of();
    private int answered;
    private boolean hasSentHeader;

    /**
     * A responder.
     *
     * @param supports whether a proposal is accepted; asked at most once for each
     * @param config the limits
     */
    public Responder(Predicate<ProtocolId> supports, MultistreamConfig config) {
        this.supports = supports;
        this.maxProposals = config.get(MultistreamConfig.MAX_PROPOSALS);
    }

    @Override
    public byte[] beforeWaiting() {
        if (hasSentHeader || !hasReceivedHeader()) {
            return Message.NOTHING;
        }
        hasSentHeader = true;
        return Message.HEADER;
    }

    @Override
    Outcome answerTo(byte[] text) throws NegotiationFailedException {
        if (answered == maxProposals) {
            throw new NegotiationFailedException("a negotiation has at most " + maxProposals
                    + " proposals, and one more came: " + Message.printable(text));
        }
        answered++;
        ProtocolId proposed = protocolId(text);
        if (proposed != null && isSupported(proposed)) {
            return Outcome.agreed(proposed, encode(text));
        }
        if (proposed != null) {
            refuse(proposed);
        }
        return Outcome.reply(encode(Message.NA_TEXT_BYTES));
    }

    @Override
    public Libp2pException endOfInput() {
        return meaningOf(new NegotiationFailedException(whereInputEnded() + ", and a proposal is due"));
    }

    // Application data of an optimistic initiator, or its end, may follow a refusal: this is no violation (MSS-35).
    @Override
    Libp2pException meaningOf(NegotiationFailedException malformed) {
        return answered == 0 ? malformed : nothingInCommon(malformed);
    }

    private UnsupportedProtocolException nothingInCommon(NegotiationFailedException end) {
        return new UnsupportedProtocolException(
                "none of the peer's proposals is supported here: " + Printable.of(refused.toString()), refused, end);
    }

    private void refuse(ProtocolId proposed) {
        if (refused.isEmpty()) {
            refused = new ArrayList<>();
        }
        refused.add(proposed);
    }

    private boolean isSupported(ProtocolId proposed) {
        return !proposed.value().equals(SIMULTANEOUS_CONNECT) && supports.test(proposed);
    }

    private byte[] encode(byte[] answer) {
        if (hasSentHeader) {
            return Message.encode(answer);
        }
        hasSentHeader = true;
        return Message.encodeAfterHeader(answer);
    }

    private static @Nullable ProtocolId protocolId(byte[] text) {
        String value = new String(text, StandardCharsets.UTF_8);
        // Malformed UTF-8 decodes to a replacement character, which encodes to different bytes unless the input had
        // that
        // character.
        boolean isUtf8 = !value.contains(REPLACEMENT) || Arrays.equals(value.getBytes(StandardCharsets.UTF_8), text);
        return isUtf8 && value.startsWith("/") ? new ProtocolId(value) : null;
    }
}
