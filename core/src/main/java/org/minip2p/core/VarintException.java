package org.minip2p.core;

/**
 * Bytes that are no varint, or not yet. It carries no stack trace: on a stream {@link Reason#INCOMPLETE} is the normal course of
 * things, and must cost little.
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
     * An error of one kind.
     *
     * @param reason what is wrong
     */
    public VarintException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }

    /** Leaves the stack trace empty. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
