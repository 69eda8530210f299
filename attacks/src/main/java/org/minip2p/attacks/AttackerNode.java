package org.minip2p.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.minip2p.attacks.hostile.Attack;
import org.minip2p.attacks.hostile.Attacks;
import org.minip2p.attacks.hostile.Battlefield;
import org.minip2p.attacks.hostile.Identity;
import org.minip2p.attacks.hostile.Knock;
import org.minip2p.attacks.hostile.Tally;

/**
 * Hostile peers in a process of their own. The process prints a line when the attack begins and a line with the counts when it is over;
 * then it keeps its connections open until its stdin ends. A watchdog ends the process if its parent does not.
 *
 * <p>Arguments: the attack's name, the victim's port, the seconds.
 */
public final class AttackerNode {
    private static final long GRACE_SECONDS = 60;
    private static final String WARM_UP_ADDRESS = "127.63.0.1";

    private AttackerNode() {}

    /** Runs one attack. */
    public static void main(String[] args) throws Exception {
        Attack churn = Attacks.churn();
        Attack attack = args[0].equals(churn.name()) ? churn : Attacks.named(args[0]);
        InetSocketAddress victim = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        int seconds = Integer.parseInt(args[2]);
        endAfter(seconds + GRACE_SECONDS);
        warmUp(victim);
        Tally tally = new Tally();
        Line.print(Map.of("event", "attacking"));
        long begun = System.nanoTime();
        CountDownLatch over = new CountDownLatch(1);
        Battlefield field = new Battlefield(victim, Duration.ofSeconds(seconds), tally);
        Thread thread = new Thread(() -> attack(attack, field, over), "attack");
        thread.setDaemon(true);
        thread.start();
        // Waits one second longer than the attack takes: an attack that is blocked writing to the victim never returns.
        boolean isOver = over.await(seconds + 1, TimeUnit.SECONDS);
        Line.print(tally.members((System.nanoTime() - begun) / 1e9));
        Commands.follow(words -> {});
        Runtime.getRuntime().halt(isOver ? 0 : 1);
    }

    /** The first connection of a JVM takes long on a busy machine, so it does not count for the attack. */
    private static void warmUp(InetSocketAddress victim) {
        try {
            Knock.ping(victim, InetAddress.getByName(WARM_UP_ADDRESS), Identity.create(), new Tally());
        } catch (IOException e) {
            System.err.println("the warm-up failed: " + e);
        }
    }

    private static void attack(Attack attack, Battlefield field, CountDownLatch over) {
        try {
            attack.run(field);
        } catch (Exception e) {
            System.err.println("the attack failed: " + e);
        } finally {
            over.countDown();
        }
    }

    private static void endAfter(long seconds) {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(seconds);
                        Runtime.getRuntime().halt(2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }
}
