package org.minip2p.host.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UsesTest {
    private final Uses uses = new Uses(System::nanoTime);

    @Test
    void isNotClosedAsUnusedWhileItIsUsed() {
        assertThat(uses.tryTake()).isTrue();
        assertThat(uses.startClosingIfUnused()).isFalse();

        uses.release();

        assertThat(uses.startClosingIfUnused()).isTrue();
        assertThat(uses.tryTake()).isFalse();
    }

    @Test
    void closesOnceEvenWhileItIsUsed() {
        assertThat(uses.tryTake()).isTrue();

        assertThat(uses.startClosing()).isTrue();
        assertThat(uses.startClosing()).isFalse();
        uses.release();

        assertThat(uses.isClosing()).isTrue();
        assertThat(uses.startClosingIfUnused()).isFalse();
    }

    @Test
    void givesEitherTheUseOrTheClosingNeverBoth() {
        for (int round = 0; round < 2_000; round++) {
            Uses contested = new Uses(System::nanoTime);
            CompletableFuture<Boolean> closing = CompletableFuture.supplyAsync(contested::startClosingIfUnused);
            boolean taken = contested.tryTake();

            assertThat(closing.join()).isNotEqualTo(taken);
        }
    }
}
