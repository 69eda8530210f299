package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class PushRoundTest {
    private final List<CompletableFuture<Void>> sent = new ArrayList<>();

    @Test
    @Conforms("IDN-28")
    void sendsTo32PeersAtATime() {
        CompletableFuture<Void> round = start(100);
        assertThat(sent).hasSize(32);

        sent.get(5).complete(null);
        assertThat(sent).hasSize(33);
        sent.get(7).completeExceptionally(new IllegalStateException("this peer is gone"));
        assertThat(sent).hasSize(34);

        for (int i = 0; i < sent.size(); i++) {
            assertThat(round).isNotDone();
            sent.get(i).complete(null);
        }
        assertThat(sent).hasSize(100);
        assertThat(round).isCompleted();
    }

    @Test
    void isDoneAtOnceWhenThereIsNobodyToTell() {
        assertThat(start(0)).isCompleted();
    }

    private CompletableFuture<Void> start(int targets) {
        return new PushRound<>(
                        ImmediateEventExecutor.INSTANCE,
                        IntStream.range(0, targets).boxed().toList(),
                        target -> {
                            CompletableFuture<Void> taken = new CompletableFuture<>();
                            sent.add(taken);
                            return taken;
                        })
                .start();
    }
}
