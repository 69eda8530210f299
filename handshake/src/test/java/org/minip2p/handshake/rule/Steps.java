package org.minip2p.handshake.rule;

import org.minip2p.handshake.rule.Choices.Kind;
import org.minip2p.handshake.rule.World.End;

/** Applies one of the {@link Choices} to a {@link World}. */
final class Steps {
    private final World world;
    private final Scenario scenario;
    private final Invariants invariants;

    Steps(World world, Invariants invariants) {
        this.world = world;
        this.scenario = world.scenario;
        this.invariants = invariants;
    }

    /** Applies the step with this label. */
    void apply(int label) {
        Kind kind = Choices.kind(label);
        int c = Choices.connection(label);
        int e = Choices.end(label);
        End end = world.ends[e];
        switch (kind) {
            case ESTABLISH -> {
                world.see(c, e, World.OPEN);
                if (scenario.b().isSilent()) {
                    world.see(c, 1, World.OPEN);
                }
                tell(e, ModelEvent.established(c, scenario.isDialer(c, e)));
            }
            case NEVER_ESTABLISH -> gone(c, e);
            case DELIVER -> deliver(c, e, true);
            case DELIVER_LOSING_ANSWER -> deliver(c, e, false);
            case JUDGE -> judge(c, e);
            case STREAM_DIES_BEFORE_CLOSE -> oursEnds(e, ModelEvent.oursEnded(c, Ending.CONNECTION_CLOSED));
            case WAIT_ENDS -> {
                end.wait = World.OFF;
                tell(e, ModelEvent.waitEnded());
            }
            case REPEAT_DUE -> {
                end.repeat = World.OFF;
                tell(e, ModelEvent.repeatDue());
            }
            case DEADLINE_ENDS -> deadlineEnds(e);
            case INBOUND_DEADLINE_ENDS -> inboundDeadlineEnds(c, e);
            case FREE_STEP -> tell(e, scenario.end(e).freeSteps(end.state).get(Choices.step(label)));
            case TIME_PASSES -> timePasses();
            case LATE_CLOSE -> closeAt(c, e);
            case CLOCK -> end.phase++;
            case ASK -> ask(e);
            case SILENT_OPENS -> world.send(c, 1, Queue.STREAM);
            case SILENT_RESETS -> world.send(c, 1, Queue.RESET_BY_INITIATOR);
            case SILENT_CLOSES -> {
                world.send(c, 1, Queue.CLOSE);
                gone(c, 1);
            }
            case SILENT_ANSWERS -> {
                world.send(c, 1, Queue.of(Queue.RESPONSE, false));
            }
            case SILENT_DIALS -> {
                world.see(c, 0, World.UNSEEN);
                world.see(c, 1, World.UNSEEN);
            }
            case FAULT_CLOSE,
                    FAULT_NETWORK_CLOSE,
                    FAULT_NETWORK_CLOSE_AFTER_DATA,
                    FAULT_ONE_SIDED_CLOSE,
                    FAULT_RESTART,
                    FAULT_STALL,
                    FAULT_RESET,
                    FAULT_EARLY_WAIT,
                    FAULT_EARLY_DEADLINE -> {
                world.faults++;
                fault(kind, c, e);
            }
        }
        invariants.noteShared();
        invariants.checkAlways();
    }

    private void fault(Kind kind, int c, int e) {
        switch (kind) {
            case FAULT_CLOSE -> {
                if (world.at(c, e) == World.OPEN) {
                    closeByEnd(c, e);
                } else {
                    world.send(c, e, Queue.CLOSE);
                    gone(c, e);
                }
            }
            case FAULT_NETWORK_CLOSE -> {
                world.setTowards(c, 0, Queue.CLOSE);
                world.setTowards(c, 1, Queue.CLOSE);
            }
            case FAULT_NETWORK_CLOSE_AFTER_DATA -> {
                world.send(c, 0, Queue.CLOSE);
                world.send(c, 1, Queue.CLOSE);
            }
            case FAULT_ONE_SIDED_CLOSE -> {
                world.setTowards(c, e, 0);
                world.setOneSided(c, e, true);
                if (world.at(c, 1 - e) == World.OPEN) {
                    closeAt(c, 1 - e);
                } else {
                    gone(c, 1 - e);
                }
            }
            case FAULT_RESTART -> restart(e);
            case FAULT_STALL -> stallOrReset(c, e, false);
            case FAULT_RESET -> stallOrReset(c, e, true);
            case FAULT_EARLY_WAIT -> world.ends[e].wait = World.EXPIRED;
            case FAULT_EARLY_DEADLINE -> world.ends[e].deadline = World.EXPIRED;
            default -> throw new IllegalStateException("no fault: " + kind);
        }
    }

    /**
     * The end restarts under the same identity and has forgotten everything. The other end has not seen its connections
     * close.
     */
    private void restart(int e) {
        world.faults += Math.max(1, Choices.leftBehind(world, e)) - 1;
        for (int c = 0; c < world.count; c++) {
            if (world.at(c, e) == World.GONE || !world.isBegun(c)) {
                continue;
            }
            if (Choices.isLeftBehind(world, c, e)) {
                world.setTowards(c, 1 - e, 0);
                world.setOneSided(c, 1 - e, true);
            } else if (world.at(c, 1 - e) == World.UNSEEN) {
                world.send(c, e, Queue.CLOSE);
            }
            gone(c, e);
        }
        End end = world.ends[e];
        end.state = ModelEnd.UNKNOWN;
        end.wait = World.OFF;
        end.repeat = World.OFF;
        forgetFlight(end);
        forgetTold(end);
    }

    private static void forgetTold(End end) {
        end.completed = 0;
        end.hasFailed = false;
        end.hasToldAsk = false;
        end.isOwed = false;
    }

    private static void forgetFlight(End end) {
        end.inFlight = 0;
        end.deadline = World.OFF;
        end.isFlightStale = false;
        end.flightPhase = 0;
    }

    /** The message at the head of the queue towards {@code e} is never handled, or it is answered with a reset. */
    private void stallOrReset(int c, int e, boolean isReset) {
        int head = Queue.kind(world.takeHead(c, e));
        if (head == Queue.RESPONSE) {
            world.isResponseLost |= e == 1;
            if (isReset) {
                oursEnds(e, ModelEvent.oursEnded(c, Ending.STREAM_RESET));
            }
            return;
        }
        boolean isAlive = head == Queue.REQUEST;
        if (head == Queue.STREAM) {
            isAlive = Queue.kind(world.takeHead(c, e)) == Queue.REQUEST;
        }
        if (isReset && isAlive) {
            world.send(c, e, Queue.RESET_BY_RESPONDER);
        }
        if (isReset && head == Queue.REQUEST) {
            inboundEnds(c, e);
            // In Go this is an error of the handler, so it closes all connections.
            tell(e, scenario.end(e).isGo() ? ModelEvent.requestRefused(c) : ModelEvent.requestDied(c));
        }
    }

    private void deliver(int c, int e, boolean isAnswerSent) {
        int message = world.takeHead(c, e);
        switch (Queue.kind(message)) {
            case Queue.STREAM -> {
                boolean isFirst = world.inbound(c, e) == World.OFF;
                int deadline = scenario.end(e).isOurs()
                        ? World.EXPIRED + scenario.end(e).behaviour().deadlineSeconds()
                        : World.ENDLESS;
                world.setInbound(c, e, isFirst ? deadline : world.inbound(c, e), isFirst ? World.OFF : deadline);
                tell(e, ModelEvent.requestOpened(c));
            }
            case Queue.REQUEST, Queue.DEAD_REQUEST -> read(c, e, message, isAnswerSent);
            case Queue.RESET_BY_INITIATOR -> {
                if (world.inbound(c, e) != World.OFF && world.reading(c, e) == World.NOT_READ) {
                    inboundEnds(c, e);
                    tell(e, ModelEvent.requestDied(c));
                }
            }
            case Queue.RESPONSE -> {
                Networks networks = scenario.end(e).behaviour().networks();
                End end = world.ends[e];
                boolean isAccepted = networks.accepts(Queue.isNew(message), end.phase, end.flightPhase);
                invariants.checkJudgement(e, isAccepted);
                end.isOwed &= !isAccepted || end.isFlightStale;
                oursEnds(
                        e,
                        isAccepted
                                ? ModelEvent.responseVerified(c, end.isFlightStale)
                                : ModelEvent.oursEnded(c, Ending.REFUSED));
            }
            case Queue.RESET_BY_RESPONDER -> oursEnds(e, ModelEvent.oursEnded(c, Ending.STREAM_RESET));
            case Queue.CLOSE -> closeAt(c, e);
            default -> throw new IllegalStateException("nothing to deliver");
        }
    }

    /**
     * The end reads its own info and the accepted networks at once. The verdict may come after the application has
     * asked.
     */
    private void read(int c, int e, int message, boolean isAnswerSent) {
        if (world.inbound(c, e) == World.OFF) {
            return;
        }
        Behaviour<?> behaviour = scenario.end(e).behaviour();
        int phase = world.ends[e].phase;
        boolean isAccepted = behaviour.networks().accepts(Queue.isNew(message), phase, phase);
        invariants.checkJudgement(e, isAccepted);
        boolean isAnswered = Queue.kind(message) == Queue.REQUEST && isAnswerSent;
        world.setReading(
                c,
                e,
                (isAccepted ? World.ACCEPTED : World.REFUSED)
                        | (behaviour.networks().saysNew(phase) ? World.ANSWER_IS_NEW : 0)
                        | (isAnswered ? 0 : World.UNANSWERED));
        if (world.ends[e].asksLeft == 0) {
            judge(c, e);
        }
    }

    private void judge(int c, int e) {
        int reading = world.reading(c, e);
        inboundEnds(c, e);
        if ((reading & World.UNANSWERED) == 0) {
            world.send(c, e, Queue.of(Queue.RESPONSE, (reading & World.ANSWER_IS_NEW) != 0));
        }
        boolean isAccepted = (reading & World.ACCEPTED) != 0;
        world.ends[e].isOwed &= !isAccepted || (reading & World.STALE) != 0;
        tell(
                e,
                isAccepted
                        ? ModelEvent.requestVerified(c, (reading & World.STALE) != 0)
                        : ModelEvent.requestRefused(c));
    }

    private void ask(int e) {
        End end = world.ends[e];
        end.asksLeft--;
        end.hasToldAsk = false;
        end.isOwed = true;
        end.isFlightStale = end.inFlight != 0;
        for (int c = 0; c < world.count; c++) {
            if (world.reading(c, e) != World.NOT_READ) {
                world.setReading(c, e, world.reading(c, e) | World.STALE);
            }
        }
        tell(e, ModelEvent.asked());
    }

    private void oursEnds(int e, ModelEvent event) {
        forgetFlight(world.ends[e]);
        tell(e, event);
    }

    private void deadlineEnds(int e) {
        int c = world.ends[e].inFlight - 1;
        // The messages in flight of the abandoned exchange are lost. A request that was sent may still be read.
        world.setTowards(c, 1 - e, Queue.abandon(world.towards(c, 1 - e)));
        if (world.reading(c, 1 - e) != World.NOT_READ) {
            world.setReading(c, 1 - e, world.reading(c, 1 - e) | World.UNANSWERED);
        }
        long toUs = Queue.without(Queue.without(world.towards(c, e), Queue.RESPONSE), Queue.RESET_BY_RESPONDER);
        world.setTowards(c, e, toUs);
        world.send(c, e, Queue.RESET_BY_INITIATOR);
        oursEnds(e, ModelEvent.oursEnded(c, Ending.TIMEOUT));
    }

    private void inboundDeadlineEnds(int c, int e) {
        boolean isKnown = Queue.contains(world.towards(c, e), Queue.RESET_BY_INITIATOR);
        if (!isKnown && !scenario.end(1 - e).isSilent()) {
            world.send(c, e, Queue.RESET_BY_RESPONDER);
        }
        inboundEnds(c, e);
        tell(e, ModelEvent.requestDied(c));
    }

    private void timePasses() {
        int seconds = world.untilNextTimer();
        world.hasTimePassed = true;
        for (End end : world.ends) {
            end.wait = less(end.wait, seconds);
            end.repeat = less(end.repeat, seconds);
            end.deadline = less(end.deadline, seconds);
        }
        for (int c = 0; c < world.count; c++) {
            for (int e = 0; e < 2; e++) {
                if (world.inbound(c, e) != World.ENDLESS) {
                    world.setInbound(c, e, less(world.inbound(c, e), seconds), less(world.second(c, e), seconds));
                }
            }
        }
    }

    private static int less(int timer, int seconds) {
        return timer == World.OFF ? World.OFF : timer - seconds;
    }

    private void inboundEnds(int c, int e) {
        world.setInbound(c, e, world.second(c, e), World.OFF);
        world.setReading(c, e, World.NOT_READ);
    }

    private void closeByEnd(int c, int e) {
        world.send(c, e, Queue.CLOSE);
        closeAt(c, e);
    }

    /** The end sees the close. */
    private void closeAt(int c, int e) {
        gone(c, e);
        End end = world.ends[e];
        boolean isCut = end.inFlight == c + 1;
        if (isCut) {
            forgetFlight(end);
        }
        tell(e, ModelEvent.closed(c));
        if (!world.hasOpen(e)) {
            invariants.checkLastClose(e, isCut);
            forgetTold(end);
        }
    }

    private void gone(int c, int e) {
        world.see(c, e, World.GONE);
        world.setTowards(c, e, 0);
        world.setOneSided(c, e, false);
        world.setInbound(c, e, World.OFF, World.OFF);
        world.setReading(c, e, World.NOT_READ);
    }

    // ---- What an end does ------------------------------------------------------------------------------------------

    /** Passes the event to the end and does what the end decides. */
    private void tell(int e, ModelEvent event) {
        ModelEnd.Step step = scenario.end(e).step(world.ends[e].state, event);
        world.ends[e].state = step.state();
        Doer doer = new Doer(e);
        step.actions().forEach(action -> action.accept(doer));
    }

    /** Does what an end has decided. */
    private final class Doer implements Action.Visitor {
        private final int e;
        private final End end;
        private final Behaviour<?> behaviour;

        Doer(int e) {
            this.e = e;
            this.end = world.ends[e];
            this.behaviour = scenario.end(e).behaviour();
        }

        @Override
        public void on(Action.StartExchange action) {
            int c = (int) action.connection();
            if (!invariants.checkStart(c, e)) {
                return;
            }
            world.hasAStarted |= e == 0;
            end.inFlight = c + 1;
            end.deadline = World.EXPIRED + behaviour.deadlineSeconds();
            end.flightPhase = behaviour.networks() == Networks.ACCEPTS_AS_ASKED ? end.phase : 0;
            world.send(c, e, Queue.STREAM);
            world.send(c, e, Queue.of(Queue.REQUEST, behaviour.networks().saysNew(end.phase)));
        }

        @Override
        public void on(Action.ArmWait action) {
            end.wait = World.EXPIRED + behaviour.waitSeconds();
        }

        @Override
        public void on(Action.CancelWait action) {
            end.wait = World.OFF;
        }

        @Override
        public void on(Action.ArmRepeat action) {
            end.repeat = behaviour.repeatSeconds() == 0 ? World.OFF : World.EXPIRED + behaviour.repeatSeconds();
        }

        @Override
        public void on(Action.CancelRepeat action) {
            end.repeat = World.OFF;
        }

        @Override
        public void on(Action.TellCompleted action) {
            end.completed = Math.min(2, end.completed + 1);
            invariants.checkCompleted(e);
        }

        @Override
        public void on(Action.TellUpdated action) {}

        @Override
        public void on(Action.TellFailed action) {
            end.hasFailed = true;
            end.hasToldAsk = true;
            invariants.checkFailure(e, action);
        }

        @Override
        public void on(Action.CloseConnection action) {
            invariants.checkClose(e);
            closeByEnd((int) action.connection(), e);
        }
    }
}
