package org.minip2p.core;

/**
 * The bytes are not a varint, or not yet a complete one. It has no stack trace: on a stream {@link Reason#INCOMPLETE} is normal,
 * and must be cheap.
 */
public final class VarintException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the bytes (VAR-9). */
    public enum Reason {
        /** The input ends before the number does: more bytes may complete it. */
        INCOMPLETE("the varint goes on after the last byte"),
        /** A shorter encoding of the same number exists: the last of two or more bytes is zero. */
        NOT_MINIMAL("the varint's last byte is zero: not the shortest form"),
        /** The number needs a tenth byte. */
        TOO_LONG("the varint has more than " + Varint.MAX_BYTES + " bytes");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason what is wrong
     */
    public VarintException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /** {@return what is wrong} */
    public Reason reason() {
        return reason;
    }

    /** Leaves the stack trace empty. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
