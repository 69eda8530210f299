package org.minip2p.noise;

import java.util.List;
import org.minip2p.core.NoiseException;
import org.minip2p.core.Printable;

/** Both sides named their muxers in the handshake, and have none in common (NOI-57). */
public final class NoCommonMuxerException extends NoiseException {
    private static final long serialVersionUID = 1L;

    NoCommonMuxerException(List<String> initiators, List<String> responders) {
        super("no muxer in common: initiator " + Printable.of(initiators.toString()) + ", responder "
                + Printable.of(responders.toString()));
    }
}
