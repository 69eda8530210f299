package org.minip2p.handshake.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionTest {
    /** Records each action that a method of the visitor receives. */
    private static final class Recorder implements Action.Visitor {
        final List<Action> seen = new ArrayList<>();

        @Override
        public void on(Action.StartExchange action) {
            seen.add(action);
        }

        @Override
        public void on(Action.ArmWait action) {
            seen.add(action);
        }

        @Override
        public void on(Action.CancelWait action) {
            seen.add(action);
        }

        @Override
        public void on(Action.ArmRepeat action) {
            seen.add(action);
        }

        @Override
        public void on(Action.CancelRepeat action) {
            seen.add(action);
        }

        @Override
        public void on(Action.TellCompleted action) {
            seen.add(action);
        }

        @Override
        public void on(Action.TellUpdated action) {
            seen.add(action);
        }

        @Override
        public void on(Action.TellFailed action) {
            seen.add(action);
        }

        @Override
        public void on(Action.CloseConnection action) {
            seen.add(action);
        }
    }

    @Test
    void eachActionReachesItsVisitorOnce() {
        List<Action> all = List.of(
                new Action.StartExchange(1),
                new Action.ArmWait(),
                new Action.CancelWait(),
                new Action.ArmRepeat(),
                new Action.CancelRepeat(),
                new Action.TellCompleted(2, true),
                new Action.TellUpdated(3),
                new Action.TellFailed(4, false, Ending.REFUSED),
                new Action.CloseConnection(5));
        Recorder recorder = new Recorder();

        all.forEach(action -> action.accept(recorder));

        assertThat(recorder.seen).isEqualTo(all);
    }
}
