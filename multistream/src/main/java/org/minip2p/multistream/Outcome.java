package org.minip2p.multistream;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;

/**
 * The result of reading: bytes to send, and perhaps the end of the negotiation. Immutable, as long as no caller writes to the
 * bytes.
 */
public final class Outcome {
    /** Sends nothing, and the negotiation continues. */
    static final Outcome READ_ON = new Outcome(Message.NOTHING, null);

    private final byte[] reply;
    private final @Nullable ProtocolId agreed;

    private Outcome(byte[] reply, @Nullable ProtocolId agreed) {
        this.reply = reply;
        this.agreed = agreed;
    }

    /** Sends bytes, and the negotiation continues. */
    static Outcome reply(byte[] reply) {
        return new Outcome(reply, null);
    }

    /** Sends bytes, possibly none, and the negotiation is over. */
    static Outcome agreed(ProtocolId protocol, byte[] reply) {
        return new Outcome(reply, protocol);
    }

    /** Bytes to send, perhaps none. They are shared: read them, never write to them. */
    public byte[] reply() {
        return reply;
    }

    /** The protocol that both ends agreed on, to which all further bytes belong; null while the negotiation continues. */
    public @Nullable ProtocolId agreed() {
        return agreed;
    }
}
