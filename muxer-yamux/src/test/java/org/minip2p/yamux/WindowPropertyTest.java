package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.longs;
import static org.minip2p.core.testing.Generator.oneOf;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

/**
 * The two windows of a stream, one at each end, and the bytes in flight between them, in random steps. Every byte of
 * the receiver's window is always in exactly one place.
 */
class WindowPropertyTest {
    private static final long INITIAL = SendWindow.INITIAL_BYTES;
    private static final long MAX = 1 << 22;

    private enum Kind {
        SEND,
        DELIVER,
        READ,
        TURN_READING,
        UPDATE,
        DELIVER_CREDIT
    }

    private record Step(Kind kind, int amount) {}

    private static final Generator<Kind> KINDS = Generator.of(Kind.values());
    private static final Generator<Integer> AMOUNTS =
            oneOf(integers(0, 300), integers(0, 400_000), Generator.of(131_071, 131_072, 262_143, 262_144, 262_145));
    private static final Generator<Long> CREDITS = longs(0, 0xffff_ffffL);
    private static final Generator<Step> STEPS = choices -> new Step(KINDS.from(choices), AMOUNTS.from(choices));

    @Test
    @Conforms({"YMX-40", "YMX-41", "YMX-44", "YMX-46", "YMX-48", "YMX-49", "YMX-53"})
    void neitherEndEverLosesOrInventsCredit() {
        Property.holds(draw -> {
            Model model = new Model();
            for (Step step : draw.of("steps", STEPS.list(0, 200))) {
                model.take(step);
                model.check();
            }
            model.finish();
            model.check();
        });
    }

    /** Credit of a peer is added exactly. A sum that does not fit into 32 bits is an error and changes nothing. */
    @Test
    @Conforms({"YMX-44", "YMX-45"})
    void aSumOfCreditIsExactOrRefused() {
        Property.holds(draw -> {
            SendWindow window = new SendWindow();
            long expected = INITIAL;
            for (long credit : draw.of("credits", CREDITS.list(0, 255))) {
                if (expected + credit > 0xffff_ffffL) {
                    assertThatThrownBy(() -> window.add(credit)).isInstanceOf(YamuxException.class);
                } else {
                    window.add(credit);
                    expected += credit;
                }
                assertThat(window.available()).isEqualTo(expected);
            }
        });
    }

    private static final class Model {
        private final ConnectionBudget budget = new ConnectionBudget(4 * MAX, MemoryBudget.UNLIMITED);
        private final SendWindow sender = new SendWindow();
        private final ReceiveWindow receiver = new ReceiveWindow(MAX, budget, 0);
        private final ArrayDeque<Long> bodies = new ArrayDeque<>();
        private final ArrayDeque<Long> credits = new ArrayDeque<>();
        private long now;
        private boolean reading;
        private long sent;
        private long granted = INITIAL;
        private long consumed;
        private long returned;
        private long largest = INITIAL;
        private long returnable;

        void take(Step step) throws YamuxException {
            now += 1 + step.amount;
            switch (step.kind) {
                case SEND -> send(step.amount);
                case DELIVER -> deliver();
                case READ -> read(Math.min(step.amount, receiver.unread()));
                case TURN_READING -> {
                    reading = !reading;
                    if (reading) {
                        read(receiver.unread());
                    }
                }
                case UPDATE -> update(step.amount % 3 == 0 ? 0 : step.amount);
                case DELIVER_CREDIT -> deliverCredit();
            }
        }

        private void send(long bytes) {
            if (bytes > sender.available()) {
                long before = sender.available();
                assertThatThrownBy(() -> sender.take(bytes)).isInstanceOf(IllegalStateException.class);
                assertThat(sender.available()).isEqualTo(before);
            } else {
                sender.take(bytes);
                bodies.add(bytes);
                sent += bytes;
            }
        }

        /** Data of an honest sender is never too much. One byte more than the window always is. */
        private void deliver() throws YamuxException {
            long remaining = receiver.remaining();
            assertThatThrownBy(() -> receiver.take(remaining + 1)).isInstanceOf(YamuxException.class);
            assertThat(receiver.remaining()).isEqualTo(remaining);
            if (bodies.isEmpty()) {
                return;
            }
            long bytes = bodies.remove();
            receiver.take(bytes);
            if (reading) {
                receiver.consume(bytes);
                consumed += bytes;
                returnable += bytes;
            } else {
                receiver.hold(bytes, 2 * (receiver.unread() + bytes));
            }
        }

        private void read(long bytes) {
            receiver.release(bytes, 2 * (receiver.unread() - bytes));
            consumed += bytes;
            returnable += bytes;
        }

        private void update(long roundTrip) {
            assertThat(receiver.isUpdateDue()).isEqualTo(returnable >= Math.max(receiver.size() / 8, INITIAL / 2));
            if (receiver.isUpdateDue()) {
                long size = receiver.size();
                long credit = receiver.takeUpdate(now, roundTrip);
                assertThat(credit).isEqualTo(returnable + receiver.size() - size);
                returned += returnable;
                returnable = 0;
                granted += credit;
                credits.add(credit);
            }
        }

        private void deliverCredit() throws YamuxException {
            if (!credits.isEmpty()) {
                sender.add(credits.remove());
            }
        }

        /** Everything in flight arrives and is read. */
        void finish() throws YamuxException {
            while (!bodies.isEmpty()) {
                deliver();
            }
            read(receiver.unread());
            update(0);
            while (!credits.isEmpty()) {
                deliverCredit();
            }
            assertThat(sender.available()).isEqualTo(receiver.size() - returnable);
        }

        void check() {
            long bodiesOnTheWay = bodies.stream().mapToLong(Long::longValue).sum();
            long creditOnTheWay = credits.stream().mapToLong(Long::longValue).sum();
            assertThat(sent).as("never more than was granted").isLessThanOrEqualTo(granted);
            assertThat(sender.available()).isEqualTo(granted - creditOnTheWay - sent);
            assertThat(receiver.remaining()).isEqualTo(granted - sent + bodiesOnTheWay);
            assertThat(receiver.remaining() + receiver.unread() + returnable)
                    .as("each byte of the window is in one place")
                    .isEqualTo(receiver.size());
            assertThat(returned).as("only credit for read bytes is returned").isLessThanOrEqualTo(consumed);
            assertThat(receiver.size()).as("no window shrinks").isGreaterThanOrEqualTo(largest);
            assertThat(receiver.size()).isLessThanOrEqualTo(MAX);
            largest = receiver.size();
            assertThat(budget.heldBytes()).isEqualTo(2 * receiver.unread());
            assertThat(budget.grantedBytes()).isEqualTo(receiver.size() - INITIAL);
        }
    }
}
