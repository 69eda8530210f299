package org.minip2p.handshake;

import org.minip2p.core.Libp2pException;

/** The stream ended before its first byte: a node that gives up, or fails, closes its stream like this. */
final class EmptyStreamException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    EmptyStreamException() {
        super("expected an envelope, got the end of the stream");
    }
}
