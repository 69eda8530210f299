package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void theBuildRunsWithTheDetectorThatFailsOnALeak() {
        assertThat(System.getProperty("io.netty.customResourceLeakDetector"))
                .isEqualTo(LeakPresenceDetector.class.getName());
    }

    @Test
    void reportsABufferThatWasNotReleased() {
        ByteBuf forgotten = ByteBufAllocator.DEFAULT.buffer(16);

        assertThat(forgotten.refCnt()).isEqualTo(1);
        assertThatThrownBy(LeakPresenceDetector::check).isInstanceOf(IllegalStateException.class);
        // The buffer is not released here, since the detector no longer counts it after the report.
    }
}
