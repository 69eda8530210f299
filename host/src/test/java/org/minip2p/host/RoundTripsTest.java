package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.DelayingRelay;
import org.minip2p.core.testing.DelayingRelay.End;
import org.minip2p.core.testing.DelayingRelay.Settings;

/**
 * Round trips from a cold dial to the first answer of a protocol, counted by a relay: a byte belongs to the flight after the last one that its
 * sender has received something of, the SYN is the first. The count is never too low; on a machine that stands still for longer than the
 * relay's delay it can be too high, so the lowest of a few tries is taken.
 */
class RoundTripsTest {
    private static final Settings FAR = Settings.roundTrip(Duration.ofMillis(100));
    private static final int TRIES = 6;

    @Test
    @Conforms("MSS-30")
    void areThreeTcpNoiseAndTheAnswer() throws Exception {
        assertThat(fewest(3, HostConfig.defaults())).isEqualTo(3);
    }

    /** The muxer's proposal then leaves with Noise message 3 and is not waited for either. */
    @Test
    void areThreeWithoutEarlyMuxerNegotiationAsWell() throws Exception {
        HostConfig late = HostConfig.builder().earlyMuxerNegotiation(false).build();

        assertThat(fewest(3, late)).isEqualTo(3);
    }

    /** One for each proposal that is waited for: of Noise, and of the stream's protocol. */
    @Test
    void areTwoMoreWithoutPipelining() throws Exception {
        HostConfig waiting = HostConfig.builder().pipelining(false).build();

        assertThat(fewest(5, waiting)).isEqualTo(5);
    }

    @Test
    @Conforms("NOI-55")
    void areThreeMoreWithNeither() throws Exception {
        HostConfig neither = HostConfig.builder()
                .pipelining(false)
                .earlyMuxerNegotiation(false)
                .build();

        assertThat(fewest(6, neither)).isEqualTo(6);
    }

    private static double fewest(double expected, HostConfig config) throws Exception {
        double fewest = Double.MAX_VALUE;
        for (int i = 0; i < TRIES && fewest > expected; i++) {
            fewest = Math.min(fewest, roundTrips(config));
        }
        return fewest;
    }

    /** Of hosts that have never met. */
    private static double roundTrips(HostConfig config) throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host listener =
                    hosts.start(Host.builder().config(config).listen(LOOPBACK).handle(ECHO, Hosts::echo));
            Host dialer = hosts.start(Host.builder().config(config));
            try (DelayingRelay relay = DelayingRelay.to(address(listener), FAR)) {
                CompletableFuture<Double> answered = new CompletableFuture<>();
                Connection connection = await(dialer.dial(relay.address(address(listener))));
                DelayingRelay.Link link = relay.next();
                connection.openStream(ECHO, stream -> {
                    stream.pipeline().addLast(new FirstAnswer(link, answered));
                    stream.channel()
                            .writeAndFlush(stream.channel().alloc().buffer().writeByte(1));
                });
                return await(answered);
            }
        }
    }

    /** Asks the relay at the moment at which the answer is read: what comes later comes a round trip later. */
    private static final class FirstAnswer extends SimpleChannelInboundHandler<ByteBuf> {
        private final DelayingRelay.Link link;
        private final CompletableFuture<Double> answered;

        FirstAnswer(DelayingRelay.Link link, CompletableFuture<Double> answered) {
            this.link = link;
            this.answered = answered;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            answered.complete(link.flight(End.DIALER) / 2.0);
        }
    }
}
