package org.minip2p.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/** The options of a socket; half-closure is always allowed. */
final class SocketConfig extends DefaultChannelConfig {
    private int linger = -1;

    SocketConfig(Channel channel, Buffers buffers) {
        super(channel);
        setAllocator(buffers);
    }

    /** Whether closing resets the connection. */
    boolean resetsWhenClosed() {
        return linger == 0;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        if (option.equals(ChannelOption.SO_LINGER)) {
            return (T) Integer.valueOf(linger);
        }
        if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE) || option.equals(ChannelOption.TCP_NODELAY)) {
            return (T) (Object) true;
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option.equals(ChannelOption.SO_LINGER)) {
            linger = (Integer) value;
            return true;
        }
        return option.equals(ChannelOption.ALLOW_HALF_CLOSURE)
                || option.equals(ChannelOption.TCP_NODELAY)
                || super.setOption(option, value);
    }
}
