package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreadQueueTest {
    private static final int PIECE_BYTES = 128;

    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private final UnreadQueue queue = new UnreadQueue();

    @AfterEach
    void end() {
        queue.clear();
        assertThat(queue.keptBytes()).isZero();
    }

    private ByteBuf buffer(int bytes, int capacity) {
        return allocator.buffer(capacity, capacity).writeZero(bytes);
    }

    private void add(String text) {
        queue.add(allocator, allocator.buffer(1024, 1024).writeBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String poll() {
        ByteBuf piece = queue.poll();
        try {
            return piece.toString(StandardCharsets.UTF_8);
        } finally {
            piece.release();
        }
    }

    @Test
    void smallPiecesShareABuffer() {
        add("one ");
        add("two ");
        add("three");

        assertThat(poll()).isEqualTo("one two three");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatComesLaterIsNotPutIntoABufferThatHasBeenTaken() {
        add("taken");
        assertThat(poll()).isEqualTo("taken");

        add("later");

        assertThat(poll()).isEqualTo("later");
    }

    @Test
    void whatComesBehindALargePieceStaysBehindIt() {
        add("first");
        queue.add(
                allocator, allocator.buffer(256, 256).writeBytes("L".repeat(256).getBytes(StandardCharsets.UTF_8)));
        add("last");

        assertThat(poll()).isEqualTo("first");
        assertThat(poll()).isEqualTo("L".repeat(256));
        assertThat(poll()).isEqualTo("last");
    }

    /** So the memory kept is never more than twice the unread bytes. */
    @ParameterizedTest
    @CsvSource({
        "256, 512, true",
        "256, 513, false",
        "255, 255, false",
        "4096, 8192, true",
        "4096, 8193, false",
    })
    void aPieceIsKeptAsItIsWhenItIsHalfOfItsBuffer(int bytes, int capacity, boolean isKept) {
        queue.add(allocator, buffer(bytes, capacity));

        assertThat(queue.keptBytes()).isEqualTo(PIECE_BYTES + (isKept ? capacity : Math.max(bytes, 256)));
        ByteBuf polled = queue.poll();
        assertThat(polled.capacity()).isEqualTo(isKept ? capacity : Math.max(bytes, 256));
        assertThat(polled.readableBytes()).isEqualTo(bytes);
        polled.release();
    }

    @Test
    void aSliceCostsTheBufferThatItKeepsAlive() {
        ByteBuf whole = buffer(2048, 2048);

        queue.add(allocator, whole.slice(0, 1024));

        assertThat(queue.keptBytes()).isEqualTo(PIECE_BYTES + 2048);
    }
}
