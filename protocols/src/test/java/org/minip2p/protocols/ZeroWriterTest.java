package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

class ZeroWriterTest {
    private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
    private final EmbeddedStream stream = new EmbeddedStream(handler);

    @ParameterizedTest
    @ValueSource(longs = {(1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    @Conforms({"PRF-3", "PRF-16", "PRF-17"})
    void countsWith64BitsAndHoldsLittleOfIt(long count) {
        stream.stall();
        ZeroWriter zeros = writer(count);

        zeros.write();

        long held = stream.bytesHeldUnsent();
        assertThat(held).isPositive().isLessThan(1 << 18);
        assertThat(count - zeros.left()).isPositive().isLessThanOrEqualTo(held);
        assertThat(zeros.isDone()).isFalse();
        stream.close();
        stream.finishAndReleaseAll();
    }

    @Test
    @Conforms({"PRF-6", "PRF-8"})
    void writesAsManyZerosAsItWasTold() {
        ZeroWriter zeros = writer(200_001);

        zeros.write();

        assertThat(stream.sent()).isEqualTo(new byte[200_001]);
        assertThat(zeros.isDone()).isTrue();
        stream.finishAndReleaseAll();
    }

    private ZeroWriter writer(long count) {
        return new ZeroWriter(Objects.requireNonNull(stream.pipeline().context(handler)), count, () -> {});
    }
}
