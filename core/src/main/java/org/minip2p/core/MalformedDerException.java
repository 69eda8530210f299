package org.minip2p.core;

/** Bytes that are not the DER that is expected. The message names the element, never its content. */
final class MalformedDerException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedDerException(String message) {
        super(message);
    }
}
