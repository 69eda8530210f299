package org.minip2p.simulation;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The timers of one loop, each listed under the class whose method it runs. Confined to the thread of its world. */
final class Timers {
    /** The least number of timers at which completed ones are removed. */
    private static final int LEAST = 16;

    /** Timers of the simulation itself are not counted. */
    private static final String OWN = Timers.class.getPackageName() + ".";

    private record Timer(String owner, ScheduledFuture<?> future) {}

    private final List<Timer> all = new ArrayList<>();
    private int most = LEAST;

    <T extends ScheduledFuture<?>> T add(Object task, T future) {
        String owner = task.getClass().getName();
        if (!owner.startsWith(OWN)) {
            if (all.size() >= most) {
                forget();
                most = Math.max(LEAST, 2 * all.size());
            }
            all.add(new Timer(owner, future));
        }
        return future;
    }

    private void forget() {
        all.removeIf(each -> each.future.isDone());
    }

    /** Whether there is none. */
    boolean isEmpty() {
        forget();
        return all.isEmpty();
    }

    /** The number of timers of each class, by its simple name; a lambda counts for {@code Outer}, the class that contains it. */
    Map<String, Integer> owners() {
        forget();
        Map<String, Integer> counts = new TreeMap<>();
        all.forEach(each -> counts.merge(simple(each.owner), 1, Integer::sum));
        return counts;
    }

    private static String simple(String name) {
        int lambda = name.indexOf("$$Lambda");
        String named = lambda < 0 ? name : name.substring(0, lambda);
        return named.substring(named.lastIndexOf('.') + 1);
    }
}
