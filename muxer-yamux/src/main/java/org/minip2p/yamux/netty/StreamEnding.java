package org.minip2p.yamux.netty;

import io.netty.channel.Channel;

/** When the handlers of a stream are told that its channel has come to its end. */
enum StreamEnding {
    /** With its cause, within the call: nothing of the application is on the stack, or it asked to be interrupted. */
    AT_ONCE,
    /** With its cause, in a task of its own: the application is in the middle of writing. */
    LATER,
    /** Without a cause, in a task of its own: the application has ended the stream itself, and may be in the middle of reading or writing. */
    BY_ITSELF;

    /**
     * Tells them.
     *
     * @param later runs what is told later
     * @param channel the stream, closed by now
     * @param cause why
     * @param wasActive whether they had been told that it was active
     */
    void tell(LaterNotices later, Channel channel, Throwable cause, boolean wasActive) {
        switch (this) {
            case AT_ONCE -> fire(channel, cause, wasActive);
            case LATER -> later.add(() -> fire(channel, cause, wasActive));
            case BY_ITSELF -> inactiveLater(later, channel, wasActive);
        }
    }

    /** Tells them, later, that the channel is inactive: it has closed in good order. */
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
