package org.minip2p.handshake;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.minip2p.core.PeerId;
import org.minip2p.core.Printable;

/**
 * Why a handshake failed: {@link Permanent}, we refuse the peer, or {@link Transient}, another try may succeed. The result of
 * {@code toString} is safe to show. The raw texts {@link NetworkMismatch#theirs} and those of a filter are not.
 */
public sealed interface FailureReason {
    /** We refuse the peer: its connection is closed, and never completes. */
    sealed interface Permanent extends FailureReason {}

    /** The exchange failed: no connection is closed, and {@code Completed} may follow. */
    sealed interface Transient extends FailureReason {}

    /** {@return whether we refuse the peer} */
    default boolean isPermanent() {
        return this instanceof Permanent;
    }

    /**
     * The envelope is too long.
     *
     * @param limitBytes the most that is read
     */
    record TooLarge(int limitBytes) implements Permanent {}

    /**
     * The bytes are not a valid envelope.
     *
     * @param check the check that failed
     * @param detail what was expected and what came
     */
    record InvalidEnvelope(InvalidEnvelopeException.Reason check, String detail) implements Permanent {}

    /**
     * The envelope is validly signed, but by another key than the connection's.
     *
     * @param expected the peer of the connection
     * @param signer the signer
     */
    record WrongSigner(PeerId expected, PeerId signer) implements Permanent {}

    /**
     * The envelope does not contain valid node info.
     *
     * @param check the check that failed
     * @param detail what was expected and what came
     */
    record InvalidNodeInfo(InvalidNodeInfoException.Reason check, String detail) implements Permanent {}

    /**
     * The peer is on a network that is not accepted.
     *
     * @param accepted the networks that were accepted when the peer's was read, in alphabetical order
     * @param theirs the peer's network, unescaped
     */
    record NetworkMismatch(Set<String> accepted, String theirs) implements Permanent {
        /**
         * Copies and sorts the set.
         *
         * @param accepted the networks that were accepted when the peer's was read, in alphabetical order
         * @param theirs the peer's network, unescaped
         */
        public NetworkMismatch {
            accepted = Collections.unmodifiableSortedSet(new TreeSet<>(accepted));
        }

        @Override
        public String toString() {
            return "NetworkMismatch[accepted="
                    + accepted.stream().map(Printable::of).toList() + ", theirs=" + Printable.of(theirs) + "]";
        }
    }

    /**
     * A filter of the application refused it.
     *
     * @param why the reason that the filter returned
     */
    record Filtered(String why) implements Permanent {
        @Override
        public String toString() {
            return "Filtered[why=" + Printable.of(why) + "]";
        }
    }

    /** The peer does not speak the handshake's protocol. */
    record ProtocolNotSupported() implements Permanent {}

    /** The deadline of the exchange passed. */
    record Timeout() implements Transient {}

    /** The last connection to the peer closed while the handshake was unfinished. */
    record ConnectionClosed() implements Transient {}

    /** The peer reset the stream, or ended it without an answer. */
    record StreamReset() implements Transient {}

    /** The protocol could not be agreed on. */
    record NegotiationFailed() implements Transient {}

    /**
     * This side could not take part: a supplier or a filter of the application failed, or did not return within the deadline; the log
     * has the error.
     */
    record LocalFault() implements Transient {}
}
