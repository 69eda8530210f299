package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedSetTest {
    @Test
    void keepsTheNewestAndForgetsTheOldest() {
        BoundedSet<Integer> set = new BoundedSet<>(3);

        assertThat(IntStream.range(0, 5).mapToObj(set::add)).containsOnly(true);

        assertThat(IntStream.range(0, 5).filter(set::contains)).containsExactly(2, 3, 4);
        assertThat(set.add(4)).isFalse();
        assertThat(set.add(0)).as("it was forgotten, so it is new").isTrue();
        set.remove(4);
        assertThat(set.contains(4)).isFalse();
    }
}
