package org.minip2p.handshake;

/** The application's own code, a supplier or a filter, has failed. It is not the peer's fault, and has been logged. */
final class LocalFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    LocalFaultException(String message, Throwable cause) {
        super(message, cause);
    }

    LocalFaultException(String message) {
        super(message);
    }
}
