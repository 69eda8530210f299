package org.minip2p.multistream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.UnsupportedProtocolException;

/**
 * One end of one multistream-select 1.0.0 negotiation, without I/O and without a clock. Confined to one thread.
 *
 * <p>Its methods, in the order of their use:
 *
 * <ol>
 *   <li>{@link #beforeWaiting}, at the start and whenever all available input has been read: send the returned bytes.
 *   <li>{@link #read}, as long as there is input and no agreement: send the bytes of the outcome.
 *   <li>{@link #endOfInput}, if the input ends first: returns the failure.
 * </ol>
 *
 * <p>After an exception or an agreement, the negotiation is over and cannot be used.
 *
 * <p>Source: <a href="https://github.com/multiformats/multistream-select">multistream-select</a>, Protocol; <a
 * href="https://github.com/libp2p/specs/blob/master/connections/README.md#multistream-select">libp2p connections,
 * multistream-select</a>.
 */
public abstract sealed class Negotiation permits Initiator, Responder {
    /** The most bytes that {@link #read} reads in one call. */
    public static final int MAX_READ_BYTES = MessageReader.MAX_ENCODED_BYTES;

    private final MessageReader reader = new MessageReader();
    private boolean hasReceivedHeader;

    Negotiation() {}

    /**
     * The bytes to send before waiting for more input; often none.
     *
     * @return bytes to send, shared: read them, never write to them
     */
    public abstract byte[] beforeWaiting();

    /**
     * Reads at most one message, and never a byte beyond the end of the negotiation (MSS-20).
     *
     * @param in bytes from the peer, split in any way; the position advances over the bytes that were read: all of them, unless
     *     a message ended
     * @return what to send, and whether the negotiation is over
     * @throws Libp2pException an {@link UnsupportedProtocolException} when the ends have no protocol in common, a {@link
     *     NegotiationFailedException} when the peer broke the rules
     */
    public final Outcome read(ByteBuffer in) throws Libp2pException {
        boolean isComplete;
        try {
            isComplete = reader.read(in);
        } catch (NegotiationFailedException malformed) {
            throw meaningOf(malformed);
        }
        return isComplete ? receive(reader.text()) : Outcome.READ_ON;
    }

    /**
     * Returns what the end of the input means now.
     *
     * @return why the negotiation failed
     */
    public abstract Libp2pException endOfInput();

    /** The answer to a message that is not the header. */
    abstract Outcome answerTo(byte[] text) throws Libp2pException;

    /** What it means at this point that the received bytes are not a message. */
    abstract Libp2pException meaningOf(NegotiationFailedException malformed);

    final boolean hasReceivedHeader() {
        return hasReceivedHeader;
    }

    /** Where in the negotiation the input ended. */
    final String whereInputEnded() {
        if (reader.isInsideMessage()) {
            return "the input ended inside a message";
        }
        return hasReceivedHeader ? "the input ended after the header" : "the input ended before the header";
    }

    // The header comes first and once, from either side (MSS-3, MSS-5, MSS-28).
    private Outcome receive(byte[] text) throws Libp2pException {
        boolean isHeader = Arrays.equals(text, Message.HEADER_TEXT_BYTES);
        if (hasReceivedHeader) {
            if (isHeader) {
                throw new NegotiationFailedException(Message.HEADER_TEXT + " comes once, and came again");
            }
            return answerTo(text);
        }
        if (!isHeader) {
            throw new NegotiationFailedException(
                    Message.HEADER_TEXT + " comes first, and not " + Message.printable(text));
        }
        hasReceivedHeader = true;
        return Outcome.READ_ON;
    }
}
