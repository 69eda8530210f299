package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

/** The queue of peers to ask again, ten a second, in virtual time. */
class AskQueueTest {
    private final List<PeerId> peers = Stream.generate(
                    () -> PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey()))
            .limit(4)
            .toList();
    private final Set<PeerId> gone = new HashSet<>();
    private final List<PeerId> asked = new ArrayList<>();
    private final EmbeddedChannel time = new EmbeddedChannel();
    private final AskQueue queue = new AskQueue(
            (delay, task) -> time.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS), 10, this::ask);

    private boolean ask(PeerId peer) {
        return !gone.contains(peer) && asked.add(peer);
    }

    @BeforeEach
    void freeze() {
        time.freezeTime();
    }

    @AfterEach
    void close() {
        time.finishAndReleaseAll();
    }

    private void pass(long millis) {
        time.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        time.runScheduledPendingTasks();
    }

    @Test
    void asksOneAtOnceAndTheOthersAtTheRate() {
        peers.forEach(queue::add);
        assertThat(asked).isEqualTo(peers.subList(0, 1));

        pass(99);
        assertThat(asked).hasSize(1);
        pass(1);
        assertThat(asked).isEqualTo(peers.subList(0, 2));
        pass(100);
        pass(100);
        assertThat(asked).isEqualTo(peers);
    }

    @Test
    void asksOnceWhoIsNamedTwiceBeforeItsTurn() {
        for (int i = 0; i < 10_000; i++) {
            queue.add(peers.get(0));
            queue.add(peers.get(1));
        }

        for (int i = 0; i < 5; i++) {
            pass(100);
        }
        assertThat(asked).containsExactly(peers.get(0), peers.get(1), peers.get(0));
    }

    @Test
    void losesNoTimeOverAPeerThatIsGone() {
        gone.addAll(peers.subList(0, 3));

        peers.forEach(queue::add);

        assertThat(asked).containsExactly(peers.get(3));
    }

    @Test
    void asksAtOnceAgainWhenNobodyWasAskedForAWhile() {
        queue.add(peers.get(0));
        pass(100);

        queue.add(peers.get(1));

        assertThat(asked).containsExactly(peers.get(0), peers.get(1));
    }

    @Test
    void asksNobodyWhenItWasCleared() {
        peers.forEach(queue::add);

        queue.clear();
        queue.clear();
        pass(1_000);

        assertThat(asked).hasSize(1);
    }
}
