package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.yamux.Flags;

/** Steps never run inside each other, and no work is left over. */
class TurnTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final Work work = new Work();
    private final Turn turn = new Turn(new Wire(channel.pipeline().firstContext()));

    TurnTest() {
        turn.start(work);
    }

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    @Test
    void doesNothingBeforeTheOutermostBeginHasEnded() {
        turn.begin();
        turn.begin();
        work.toWrite.add(1);
        turn.end();
        assertThat(work.done).isEmpty();

        turn.end();

        assertThat(work.done).containsExactly("write");
    }

    @Test
    void keepsTheMarksThatAreLeftBeforeItHasSteps() {
        Turn early = new Turn(new Wire(channel.pipeline().firstContext()));
        work.wantsInput = true;
        early.wantInput();
        early.begin();
        work.toWrite.add(1);
        early.end();
        assertThat(work.done).isEmpty();

        early.start(work);
        early.work();

        assertThat(work.done).containsExactly("write", "ask");
    }

    @Test
    void doesTheMostUrgentFirst() {
        turn.begin();
        work.wantsInput = true;
        turn.wantInput();
        work.toWrite.add(1);
        work.waitingOpens = 1;
        work.unread = 1;
        turn.atEnd(() -> work.done.add("complete"));
        turn.soon(() -> work.done.add("pass"));
        turn.end();

        assertThat(work.done).containsExactly("pass", "read", "complete", "open", "write", "ask");
    }

    @Test
    void findsWhatIsLeftFromWithinAndDoesNotNest() {
        work.onWrite = () -> {
            work.onWrite = () -> {};
            turn.begin();
            turn.soon(() -> work.done.add("pass"));
            work.toWrite.add(1);
            turn.end();
            work.done.add("written");
        };
        turn.begin();
        work.toWrite.add(1);
        turn.end();

        assertThat(work.done).containsExactly("write", "written", "pass", "write");
    }

    /** Data of the writer that is told shares a frame with the end of the data that was written before. */
    @Test
    void tellsOneWhoWaitsForRoomBetweenTwoWrites() {
        work.waitingWriters = 3;
        turn.begin();
        work.toWrite.addAll(List.of(1, 1, 1));
        turn.end();

        assertThat(work.done).containsExactly("write", "tell", "write", "tell", "write", "tell");
    }

    /** The data of one writer leaves in its own frame before the next writer is told. */
    @Test
    void whatOneWritesWhoIsToldOfRoomLeavesBeforeTheNextIsTold() {
        work.waitingWriters = 2;
        work.onTell = () -> work.toWrite.add(1);
        turn.work();

        assertThat(work.done).containsExactly("tell", "write", "tell", "write");
    }

    /** A transport may deliver data while the application is being told of something. */
    @Test
    void readsWhatComesWhileARoundIsCompleted() {
        turn.begin();
        turn.atEnd(() -> {
            work.done.add("complete");
            work.unread = 1;
        });
        turn.end();

        assertThat(work.done).containsExactly("complete", "read");
    }

    @Test
    void readsWhatComesWhileAStreamIsOpened() {
        work.onOpen = () -> work.unread = 1;
        turn.begin();
        work.waitingOpens = 1;
        turn.end();

        assertThat(work.done).containsExactly("open", "read");
    }

    @Test
    void writesOnceForARoundOfReading() {
        work.unread = 1;
        turn.readRound();
        turn.begin();
        work.toWrite.add(1);
        turn.end();
        work.unread = 1;
        turn.readRound();
        assertThat(work.done).containsExactly("read", "read");

        turn.endRound();

        assertThat(work.done).containsExactly("read", "read", "write");
    }

    @Test
    void opensButWritesNothingWhileItIsCorked() {
        turn.cork();
        turn.begin();
        work.waitingOpens = 1;
        work.waitingWriters = 1;
        work.toWrite.add(1);
        turn.end();
        turn.begin();
        work.toWrite.add(1);
        turn.end();
        assertThat(work.done).containsExactly("open");

        turn.uncork();

        assertThat(work.done).containsExactly("open", "write", "tell", "write");
    }

    @Test
    void doesWhatIsUrgentBetweenTwoOpens() {
        work.onOpen = () -> turn.soon(() -> work.done.add("pass"));
        turn.begin();
        work.waitingOpens = 2;
        work.toWrite.add(1);
        turn.end();

        assertThat(work.done).containsExactly("open", "pass", "open", "pass", "write");
    }

    @Test
    void doesWhatIsUrgentBetweenTwoRoundsThatAreComplete() {
        turn.begin();
        turn.atEnd(() -> {
            work.done.add("complete");
            turn.soon(() -> work.done.add("pass"));
        });
        turn.atEnd(() -> work.done.add("complete"));
        turn.end();

        assertThat(work.done).containsExactly("complete", "pass", "complete");
    }

    @Test
    void keepsAWishForInputUntilItCanBeMet() {
        turn.wantInput();
        assertThat(work.done).isEmpty();

        work.wantsInput = true;
        turn.work();
        turn.work();

        assertThat(work.done).containsExactly("ask");
    }

    @Test
    void asksForInputWhenEverythingElseIsDoneThoughItIsWantedFromWithin() {
        work.wantsInput = true;
        work.onWrite = () -> {
            turn.wantInput();
            work.done.add("written");
        };
        turn.begin();
        work.toWrite.addAll(List.of(1, 1));
        turn.end();

        assertThat(work.done).containsExactly("write", "written", "write", "written", "ask");
    }

    @Test
    void runsEveryTaskBeforeItDoesAnythingElse() {
        turn.begin();
        work.unread = 1;
        turn.soon(() -> work.done.add("one"));
        turn.soon(() -> {
            work.done.add("two");
            turn.soon(() -> work.done.add("three"));
        });
        turn.end();

        assertThat(work.done).containsExactly("one", "two", "three", "read");
    }

    @Test
    void doesWhatIsUrgentBetweenTwoWhoAreToldOfRoom() {
        work.waitingWriters = 2;
        work.onTell = () -> turn.soon(() -> work.done.add("pass"));
        turn.begin();
        work.toWrite.addAll(List.of(1, 1));
        turn.end();

        assertThat(work.done).containsExactly("write", "tell", "pass", "write", "tell", "pass");
    }

    @Test
    void leavesToAnotherTaskWhatIsOverOneMebibyte() {
        turn.begin();
        work.toWrite.addAll(List.of(1 << 19, 1 << 19, 1 << 19));
        turn.end();
        assertThat(work.done).containsExactly("write", "write");

        channel.runPendingTasks();

        assertThat(work.done).containsExactly("write", "write", "write");
    }

    @Test
    void tellsOfAStepThatThrewAndGoesOn() {
        turn.soon(() -> {
            throw new IllegalStateException("provoked by the test");
        });
        work.toWrite.add(1);

        turn.work();
        turn.work();

        assertThat(work.done).containsExactly("broken: provoked by the test", "write");
    }

    /** A transport may deliver data while a handler is still handling earlier data. */
    @Test
    void readsNoFrameWhileAnotherIsBeingPassedOn() {
        List<String> read = new ArrayList<>();
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ByteBuf bytes = (ByteBuf) msg;
                    String text = bytes.toString(StandardCharsets.ISO_8859_1);
                    bytes.release();
                    read.add(text + " begins");
                    if (text.equals("first")) {
                        end.channel
                                .pipeline()
                                .fireChannelRead(
                                        Frame.data(Flags.NONE, 1, "second").encode());
                    }
                    read.add(text + " ends");
                }
            });

            end.receive(Frame.data(Flags.SYN, 1, "first"));

            assertThat(read).containsExactly("first begins", "first ends", "second begins", "second ends");
        }
    }

    /** The pending work, and a record of the work done. */
    private static final class Work implements Turn.Steps {
        final List<String> done = new ArrayList<>();
        final ArrayDeque<Integer> toWrite = new ArrayDeque<>();
        Runnable onWrite = () -> {};
        Runnable onTell = () -> {};
        Runnable onOpen = () -> {};
        int unread;
        int waitingOpens;
        int waitingWriters;
        boolean wantsInput;

        @Override
        public void broken(Throwable cause) {
            done.add("broken: " + cause.getMessage());
        }

        @Override
        public boolean readFrames() {
            return unread > 0 && unread-- > 0 && done.add("read");
        }

        @Override
        public boolean releaseStreams() {
            return false;
        }

        @Override
        public boolean openStream() {
            if (waitingOpens == 0) {
                return false;
            }
            waitingOpens--;
            done.add("open");
            onOpen.run();
            return true;
        }

        @Override
        public int writeFrames(int maxBytes) {
            Integer bytes = toWrite.poll();
            if (bytes == null) {
                return 0;
            }
            done.add("write");
            onWrite.run();
            return bytes;
        }

        @Override
        public boolean canWriteFrames() {
            return !toWrite.isEmpty();
        }

        @Override
        public boolean tellWritable() {
            if (waitingWriters == 0) {
                return false;
            }
            waitingWriters--;
            done.add("tell");
            onTell.run();
            return true;
        }

        @Override
        public boolean leaveIfDrained() {
            return false;
        }

        @Override
        public boolean askForInput() {
            return wantsInput && done.add("ask");
        }
    }
}
