package org.minip2p.yamux.netty;

import io.netty.channel.Channel;

/** When to tell the handlers of a stream that its channel has ended. */
enum StreamEnding {
    /** With its cause, within the call: no application code is on the stack, or it requested this end. */
    AT_ONCE,
    /** With its cause, in a separate task: the application is in the middle of writing. */
    LATER,
    /** Without a cause, in a separate task: the application has ended the stream itself, and may be in the middle of reading or writing. */
    BY_ITSELF;

    /**
     * Tells them.
     *
     * @param later runs later notices
     * @param channel the stream, closed by now
     * @param cause why
     * @param wasActive whether they got {@code channelActive}
     */
    void tell(LaterNotices later, Channel channel, Throwable cause, boolean wasActive) {
        switch (this) {
            case AT_ONCE -> fire(channel, cause, wasActive);
            case LATER -> later.add(() -> fire(channel, cause, wasActive));
            case BY_ITSELF -> inactiveLater(later, channel, wasActive);
        }
    }

    /** Tells them, later, that the channel is inactive: it has closed cleanly. */
    static void inactiveLater(LaterNotices later, Channel channel, boolean wasActive) {
        later.add(() -> fireInactive(channel, wasActive));
    }

    private static void fire(Channel channel, Throwable cause, boolean wasActive) {
        channel.pipeline().fireExceptionCaught(cause);
        fireInactive(channel, wasActive);
    }

    private static void fireInactive(Channel channel, boolean wasActive) {
        if (wasActive) {
            channel.pipeline().fireChannelInactive();
        }
        channel.pipeline().fireChannelUnregistered();
    }
}
