package org.minip2p.simulation;

import io.netty.channel.ChannelId;

/** A channel's id that is the same in every run; Netty's own are random. */
record SequenceId(long number) implements ChannelId {
    private static final long serialVersionUID = 1;

    @Override
    public String asShortText() {
        return Long.toString(number);
    }

    @Override
    public String asLongText() {
        return Long.toString(number);
    }

    @Override
    public int compareTo(ChannelId other) {
        return other instanceof SequenceId known
                ? Long.compare(number, known.number)
                : asLongText().compareTo(other.asLongText());
    }
}
