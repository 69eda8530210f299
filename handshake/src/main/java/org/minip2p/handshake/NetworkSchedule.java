package org.minip2p.handshake;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Our network and the accepted networks, when both change at known times: at each fork our network changes, and in a window around the
 * fork both the old network and the new one are accepted.
 *
 * <pre>{@code
 * // SSV: 32 slots of 12 s before the fork, 34 slots after it.
 * NetworkSchedule schedule = NetworkSchedule.startingWith("0x00000501")
 *         .thenAt(fork, "0x00000502")
 *         .withWindow(Duration.ofSeconds(384), Duration.ofSeconds(408));
 * NodeInfoHandshake handshake = NodeInfoHandshake.install(
 *         host,
 *         () -> NodeInfo.of(schedule.network()),
 *         HandshakeOptions.defaults().withAcceptedNetworks(schedule::accepted),
 *         listener);
 * // Ask peers again when the old network is no longer accepted, and not earlier: after an ask at the fork itself, every // peer that
 * accepts only its own network and whose clock is slightly behind would close its connections. timer.schedule(handshake::askAgainAll,
 * schedule.untilWindowEnds().orElseThrow()); }</pre>
 *
 * <p>On either side of the fork, make the window wider than the difference of two nodes' clocks plus the time of an exchange. Then no
 * node with the same schedule refuses another.
 *
 * <p>Each call reads the clock. If the clock goes back by less than the whole window, the schedule stands still until the clock has
 * caught up. So a small correction of the clock does not move a node back before a fork or the end of its window. If the clock goes back
 * further, it was wrong before, and the schedule follows it.
 *
 * <p>Thread-safe; never blocks.
 */
public final class NetworkSchedule {
    /** The network from an instant on. */
    private record Fork(Instant at, String network) {
        /** The first network of all has no window. */
        void checkWindow(Duration before, Duration after) {
            try {
                if (!at.equals(Instant.MIN)) {
                    var unused = Duration.between(at.minus(before), at.plus(after));
                }
            } catch (DateTimeException | ArithmeticException e) {
                throw new IllegalArgumentException(
                        "no window from " + before + " before " + at + " to " + after + " after it", e);
            }
        }
    }

    private final List<Fork> forks;
    private final Duration before;
    private final Duration after;
    private final Clock clock;

    /** The latest time that this schedule has seen. */
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);

    private NetworkSchedule(List<Fork> forks, Duration before, Duration after, Clock clock) {
        this.forks = List.copyOf(forks);
        this.before = before;
        this.after = after;
        this.clock = clock;
        this.forks.forEach(fork -> fork.checkWindow(before, after));
    }

    /**
     * One network without forks, by the system's clock, without a window.
     *
     * @param network as it is on the wire, such as {@code 0x00000501}
     * @return the schedule
     * @throws IllegalArgumentException when it is not a network id
     */
    public static NetworkSchedule startingWith(String network) {
        return new NetworkSchedule(
                List.of(new Fork(Instant.MIN, checked(network))), Duration.ZERO, Duration.ZERO, Clock.systemUTC());
    }

    /**
     * {@return this schedule with a further fork}
     *
     * @param at the time of the fork; later than the fork before
     * @param network from then on
     * @throws ForkOrderException when it is not later than the fork before
     * @throws IllegalArgumentException when it is not a network id
     */
    public NetworkSchedule thenAt(Instant at, String network) {
        Instant last = forks.get(forks.size() - 1).at();
        if (!at.isAfter(last)) {
            throw new ForkOrderException(last, at);
        }
        List<Fork> more = new ArrayList<>(forks);
        more.add(new Fork(at, checked(network)));
        return new NetworkSchedule(more, before, after, clock);
    }

    /**
     * {@return this schedule with a window around each fork in which both networks are accepted}
     *
     * @param beforeFork how long before the fork it begins
     * @param afterFork how long after the fork it ends
     * @throws IllegalArgumentException when one is negative
     */
    public NetworkSchedule withWindow(Duration beforeFork, Duration afterFork) {
        if (beforeFork.isNegative() || afterFork.isNegative()) {
            throw new IllegalArgumentException(
                    "a window begins before its fork and ends after it, not " + beforeFork + ", " + afterFork);
        }
        return new NetworkSchedule(forks, beforeFork, afterFork, clock);
    }

    /**
     * {@return this schedule with another clock}
     *
     * @param value the clock
     */
    public NetworkSchedule withClock(Clock value) {
        return new NetworkSchedule(forks, before, after, value);
    }

    /** {@return our network now} */
    public String network() {
        return networkAt(now());
    }

    /** {@return the networks that are accepted now: ours, and inside a window also the one before or after it} */
    public Set<String> accepted() {
        Instant now = now();
        Set<String> accepted = new TreeSet<>();
        for (int i = 0; i < forks.size(); i++) {
            boolean hasBegun = i == 0 || !now.isBefore(forks.get(i).at().minus(before));
            boolean isOver =
                    i + 1 < forks.size() && !now.isBefore(forks.get(i + 1).at().plus(after));
            if (hasBegun && !isOver) {
                accepted.add(forks.get(i).network());
            }
        }
        accepted.add(networkAt(now)); // forks may be closer to one another than a window is wide
        return Collections.unmodifiableSet(accepted);
    }

    /** {@return how long until the next window ends, which is the time to ask all peers again} Empty when there is no further window. */
    public Optional<Duration> untilWindowEnds() {
        Instant now = now();
        return forks.stream()
                .skip(1)
                .map(fork -> fork.at().plus(after))
                .filter(now::isBefore)
                .findFirst()
                .map(end -> Duration.between(now, end));
    }

    private String networkAt(Instant now) {
        String network = forks.get(0).network();
        for (Fork fork : forks) {
            if (!now.isBefore(fork.at())) {
                network = fork.network();
            }
        }
        return network;
    }

    private Instant now() {
        Instant read = clock.instant();
        Duration window = before.plus(after);
        return latest.updateAndGet(seen -> {
            boolean isSmallStepBack =
                    read.isBefore(seen) && Duration.between(read, seen).compareTo(window) < 0;
            return isSmallStepBack ? seen : read;
        });
    }

    private static String checked(String network) {
        return NodeInfo.of(network).networkId();
    }

    @Override
    public String toString() {
        return "NetworkSchedule" + forks + " window=-" + before + "/+" + after;
    }
}
