package org.minip2p.handshake.rule;

import java.util.List;

/** Does nothing by itself. {@link Choices} has what a peer can do that opens streams and finishes none. */
record SilentBehaviour() implements Behaviour<Boolean> {
    @Override
    public Boolean unknown() {
        return false;
    }

    @Override
    public Outcome<Boolean> apply(Boolean state, ModelEvent event) {
        return new Outcome<>(state, List.of());
    }

    @Override
    public int waitSeconds() {
        return 0;
    }

    @Override
    public int deadlineSeconds() {
        return 0;
    }

    @Override
    public Networks networks() {
        return Networks.WINDOW;
    }
}
