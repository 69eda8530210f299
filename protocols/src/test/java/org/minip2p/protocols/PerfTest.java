package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.protocols.HostPair.get;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.Connection;

/** Perf between two hosts. */
class PerfTest {
    private static final int MEBIBYTES = 1 << 20;

    private HostPair hosts;

    @BeforeEach
    void start() throws Exception {
        hosts = new HostPair();
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    @Test
    @Conforms({"PRF-1", "PRF-4", "PRF-6"})
    void uploadsThenDownloads() throws Exception {
        Perf.install(hosts.listener);
        Connection connection = hosts.connect();
        AtomicLong uploaded = new AtomicLong();
        AtomicLong downloaded = new AtomicLong();

        PerfResult result = get(Perf.client().run(connection, 8L * MEBIBYTES, 9L * MEBIBYTES + 1, (up, down) -> {
            uploaded.set(up);
            downloaded.set(down);
        }));

        assertThat(result.uploadBytes()).isEqualTo(8L * MEBIBYTES);
        assertThat(result.downloadBytes()).isEqualTo(9L * MEBIBYTES + 1);
        assertThat(result.uploadTime()).isPositive();
        assertThat(result.downloadTime()).isPositive();
        assertThat(uploaded).hasValue(8L * MEBIBYTES);
        assertThat(downloaded).hasValue(9L * MEBIBYTES + 1);
        assertThat(Perf.ID.value()).isEqualTo("/perf/1.0.0");
    }

    @Test
    @Conforms({"PRF-3", "PRF-4"})
    void movesNothingWhenNothingIsAskedFor() throws Exception {
        Perf.install(hosts.listener);
        Connection connection = hosts.connect();

        PerfResult result = get(Perf.client().run(connection, 0, 0, PerfProgress.NONE));

        assertThat(result.downloadBytes()).isZero();
    }

    /**
     * Sizes around the size of one write (65,506 bytes), where the end of a write may also be the end of the transfer.
     */
    @ParameterizedTest
    @ValueSource(longs = {65_505, 65_506, 65_507, 131_012})
    @Conforms("PRF-6")
    void downloadsWholeWrites(long bytes) throws Exception {
        Perf.install(hosts.listener);

        PerfResult result = get(Perf.client().run(hosts.connect(), bytes, bytes, PerfProgress.NONE));

        assertThat(result.downloadBytes()).isEqualTo(bytes);
    }

    /** A download of 2^64-1 bytes, which the client cancels after a while. */
    @Test
    @Conforms({"PRF-3", "PRF-12", "PRF-16"})
    void stopsWhenTheResultIsCancelled() throws Exception {
        CompletableFuture<Void> serverEnd = new CompletableFuture<>();
        hosts.listener.handle(Perf.ID, HALF_OPEN, stream -> {
            stream.channel().closeFuture().addListener(closed -> serverEnd.complete(null));
            stream.pipeline().addLast(new PerfResponder(Duration.ofSeconds(30)));
        });
        Ping.install(hosts.listener);
        Ping ping = Ping.install(hosts.dialer);
        Connection connection = hosts.connect();
        CompletableFuture<Void> flowing = new CompletableFuture<>();

        CompletableFuture<PerfResult> result = Perf.client().run(connection, 0, -1, (up, down) -> {
            if (down > 4L * MEBIBYTES) {
                flowing.complete(null);
            }
        });
        get(flowing);
        result.cancel(false);

        get(serverEnd);
        assertThat(get(ping.ping(connection))).isPositive();
    }

    @Test
    @Conforms("PRF-14")
    void isNotOnByDefault() throws Exception {
        Connection connection = hosts.connect();

        assertThat(hosts.listener.protocols()).doesNotContain(Perf.ID);
        assertThat(Failures.of(Perf.client().run(connection, 1, 1, PerfProgress.NONE)))
                .isInstanceOf(UnsupportedProtocolException.class);
    }

    @Test
    @Conforms({"PRF-7", "PRF-18"})
    void failsWhenTheServerEndsEarly() throws Exception {
        hosts.listener.handle(Perf.ID, HALF_OPEN, stream -> stream.channel().close());
        Connection connection = hosts.connect();

        assertThat(Failures.of(Perf.client().run(connection, 0, 100, PerfProgress.NONE)))
                .isInstanceOf(PerfFailedException.class);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Conforms("PRF-11")
    void resetsAStreamWithoutAWholeRequest() throws Exception {
        Perf.install(hosts.listener);
        Connection connection = hosts.connect();

        RawStream raw = RawStream.open(connection, Perf.ID).send(new byte[7]).end();

        assertThat(Failures.of(raw.received)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesANegativeUpload() throws Exception {
        Perf.install(hosts.listener);
        Connection connection = hosts.connect();

        assertThatThrownBy(() -> Perf.client().run(connection, -1, 0, PerfProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
