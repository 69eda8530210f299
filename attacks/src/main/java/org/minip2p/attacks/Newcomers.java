package org.minip2p.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.minip2p.attacks.hostile.Identity;
import org.minip2p.attacks.hostile.Knock;
import org.minip2p.attacks.hostile.Tally;

/** Peers that are new to the victim, each with an address of its own. Counts those that are accepted and get one ping answered. */
final class Newcomers {
    /** The beginning of their addresses. */
    static final String PREFIX = "127.1.";

    private final InetSocketAddress victim;
    private int next;

    Newcomers(InetSocketAddress victim) {
        this.victim = victim;
    }

    /**
     * Sends newcomers, and prints a line when all have been served or have given up.
     *
     * @param count the number of newcomers
     * @param millis the time between two of them, in milliseconds
     */
    void send(int count, long millis) {
        int first = next;
        next += count;
        Thread thread = new Thread(() -> sendAll(first, count, millis), "newcomers");
        thread.setDaemon(true);
        thread.start();
    }

    private void sendAll(int first, int count, long millis) {
        List<Long> served = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = first + i;
                Thread thread = new Thread(() -> tryOne(number, served, refused), "newcomer " + number);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
                Thread.sleep(millis);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (served) {
            Line.print(Map.of(
                    "event",
                    "newcomers",
                    "tried",
                    count,
                    "served",
                    served.size(),
                    "slowestMillis",
                    served.stream().mapToLong(Long::longValue).max().orElse(0),
                    "refused",
                    refused.toString()));
        }
    }

    private void tryOne(int number, List<Long> served, List<String> refused) {
        long begun = System.nanoTime();
        String failure = "";
        try {
            InetAddress from = InetAddress.getByName(PREFIX + number / 250 + "." + (1 + number % 250));
            Knock.ping(victim, from, Identity.create(), new Tally());
        } catch (IOException e) {
            failure = e.toString();
        }
        synchronized (served) {
            if (failure.isEmpty()) {
                served.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            } else {
                refused.add(failure);
            }
        }
    }
}
