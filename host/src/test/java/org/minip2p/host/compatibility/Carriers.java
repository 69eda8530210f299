package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.minip2p.core.StreamResetException;
import org.minip2p.host.Hosts;
import org.minip2p.host.compatibility.Carrier.EndedBeforeTheAnswer;
import org.minip2p.host.compatibility.Exchange.Hostile;
import org.minip2p.host.compatibility.Exchange.Then;
import org.minip2p.transport.IoBackend;

/**
 * All carriers of channels, for the tests of one class: TCP, a connection over NIO, and one over epoll where it is
 * available. Each check runs over every carrier, and must have the same result.
 *
 * <p>{@code -Dcompatibility.streams=10000} sets the number of channels that each exchange opens one after the other.
 */
final class Carriers implements BeforeAllCallback, AfterAllCallback {
    /** The number of channels that an exchange opens one after the other. */
    static final int STREAMS = Integer.getInteger("compatibility.streams", 100);

    /** The number of exchanges of some mebibytes, which take longer. */
    static final int LARGE = Math.max(1, STREAMS / 1000);

    /** How many of them run at once; none in a regular build, which has little time. */
    static final int LARGE_AT_ONCE = Math.min(1, LARGE - 1);

    /** The number of channels that an exchange opens at once. One connection allows that many for one side. */
    static final int AT_ONCE = 256;

    private static final int ATTACKS = 8;
    private static final int PATIENCE_SECONDS = 30;

    private final List<Carrier> all = new ArrayList<>();
    private int served;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        all.add(new TcpCarrier());
        all.add(new StreamCarrier("nio"));
        if (IoBackend.unavailability("epoll").isEmpty()) {
            all.add(new StreamCarrier("epoll"));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (Carrier carrier : all) {
            carrier.close();
        }
        all.clear(); // keeps no host when the tests of the class are done
    }

    /** The carriers whose channels are streams. */
    List<StreamCarrier> streams() {
        return all.stream()
                .filter(StreamCarrier.class::isInstance)
                .map(StreamCarrier.class::cast)
                .toList();
    }

    List<Carrier> all() {
        return all;
    }

    /** A name that no server has yet. */
    String newName() {
        return Integer.toString(++served);
    }

    /** Checks one exchange after the other, then many at once, then each hostile peer. */
    void check(Exchange exchange) throws Exception {
        check(exchange, STREAMS, AT_ONCE);
    }

    /** Like {@link #check(Exchange)}, with these numbers of channels. */
    void check(Exchange exchange, int inTurn, int atOnce) throws Exception {
        List<String> results = new ArrayList<>();
        for (Carrier carrier : all) {
            results.add(String.format("%,d ok", checkGood(carrier, exchange, inTurn, atOnce)));
        }
        checkHostilePeers(exchange);
        ResultTable.add(exchange.name(), exchange.peerEnd(), inTurn + atOnce, results);
    }

    /** Runs good exchanges over one carrier, and returns their number. */
    int checkGood(Carrier carrier, Exchange exchange, int inTurn, int atOnce) throws Exception {
        String name = newName();
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        AtomicInteger ended = new AtomicInteger();
        serve(carrier, name, exchange, causes -> {
            thrown.addAll(causes);
            ended.incrementAndGet();
        });
        int same = inTurn(carrier, name, exchange, inTurn) + atOnce(carrier, name, exchange, atOnce);
        carrier.awaitNothingLeft(exchange.name());
        Hosts.awaitTrue("all are told of their end", () -> ended.get() == same);
        assertThat(thrown).as("thrown at the server over %s", carrier.name()).isEmpty();
        return same;
    }

    private static int inTurn(Carrier carrier, String name, Exchange exchange, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(await(carrier.run(exchange, name, i), exchange, carrier))
                    .as("answer %d over %s", i, carrier.name())
                    .isEqualTo(exchange.expected().apply(i));
        }
        return times;
    }

    private static int atOnce(Carrier carrier, String name, Exchange exchange, int times) throws Exception {
        carrier.awaitNothingLeft(exchange.name());
        CompletableFuture<Void> mayClose = new CompletableFuture<>();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        List<CompletableFuture<String>> ends = new ArrayList<>();
        CompletableFuture<Void> opened = new CompletableFuture<>();
        carrier.inOneGo(() -> {
            for (int i = 0; i < times; i++) {
                CompletableFuture<String> answer = new CompletableFuture<>();
                answers.add(answer);
                ends.add(carrier.run(exchange, name, i, answer, mayClose));
            }
            opened.complete(null);
        });
        await(opened, exchange, carrier);
        for (int i = 0; i < times; i++) {
            assertThat(await(answers.get(i), exchange, carrier))
                    .as("answer %d of %d at once over %s", i, times, carrier.name())
                    .isEqualTo(exchange.expected().apply(i));
        }
        if (!exchange.endsItself()) {
            assertThat(carrier.openAtServer()).as("channels that are open").isEqualTo(times);
        }
        mayClose.complete(null);
        for (CompletableFuture<String> end : ends) {
            await(end, exchange, carrier);
        }
        return times;
    }

    /**
     * Runs each hostile peer of an exchange over all carriers. The outcome is the same, and a good exchange works
     * afterwards.
     */
    private void checkHostilePeers(Exchange exchange) throws Exception {
        if (exchange.toServer().isEmpty() && exchange.toClient().isEmpty()) {
            return;
        }
        List<List<String>> outcomes = new ArrayList<>();
        for (Carrier carrier : all) {
            List<String> ends = new ArrayList<>();
            for (Hostile hostile : exchange.toServer()) {
                ends.add("server, sent " + hostile + ": " + attackServer(carrier, exchange, hostile));
            }
            for (Hostile hostile : exchange.toClient()) {
                ends.add("client, sent " + hostile + ": " + attackClient(carrier, exchange, hostile));
            }
            outcomes.add(ends);
            String name = newName();
            serve(carrier, name, exchange, thrown -> {});
            assertThat(inTurn(carrier, name, exchange, 1)).isOne();
            carrier.awaitNothingLeft(exchange.name() + " after hostile peers");
        }
        for (int i = 1; i < all.size(); i++) {
            assertThat(outcomes.get(i))
                    .as("how hostile peers end over %s", all.get(i).name())
                    .isEqualTo(outcomes.get(0));
        }
    }

    private String attackServer(Carrier carrier, Exchange exchange, Hostile hostile) throws Exception {
        String name = newName();
        Queue<CompletableFuture<String>> ends = new ArrayDeque<>();
        Queue<CompletableFuture<String>> unclaimed = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < ATTACKS; i++) {
            CompletableFuture<String> end = new CompletableFuture<>();
            ends.add(end);
            unclaimed.add(end);
        }
        serve(carrier, name, exchange, thrown -> {
            CompletableFuture<String> end = unclaimed.poll();
            if (end != null) {
                end.complete(describe(thrown, hostile, carrier));
            }
        });
        List<CompletableFuture<Channel>> attackers = new ArrayList<>();
        for (int i = 0; i < ATTACKS; i++) {
            attackers.add(carrier.attack(name, exchange.peerEnd(), hostile));
        }
        List<String> seen = new ArrayList<>();
        for (CompletableFuture<String> end : ends) {
            seen.add(await(end, exchange + " attacked with " + hostile, carrier));
        }
        for (CompletableFuture<Channel> attacker : attackers) {
            await(attacker, exchange, carrier).close();
        }
        carrier.awaitNothingLeft(exchange + " attacked with " + hostile);
        return seen.stream().distinct().sorted().collect(Collectors.joining(" or "));
    }

    private String attackClient(Carrier carrier, Exchange exchange, Hostile hostile) throws Exception {
        String name = newName();
        carrier.serveHostile(name, exchange.peerEnd(), hostile);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < ATTACKS; i++) {
            answers.add(carrier.run(exchange, name, i));
        }
        List<String> seen = new ArrayList<>();
        for (CompletableFuture<String> answer : answers) {
            seen.add(await(
                    answer.handle((text, failure) ->
                            failure == null ? text : describe(List.of(unwrapped(failure)), hostile, carrier)),
                    exchange + " attacked with " + hostile,
                    carrier));
        }
        carrier.awaitNothingLeft(exchange + " attacked with " + hostile);
        return seen.stream().distinct().sorted().collect(Collectors.joining(" or "));
    }

    private static void serve(Carrier carrier, String name, Exchange exchange, Consumer<Queue<Throwable>> ended)
            throws Exception {
        carrier.serve(name, exchange.peerEnd(), pipeline -> {
            exchange.server().addTo(pipeline);
            pipeline.addLast(new Carrier.ServerTail(ended));
        });
    }

    /**
     * Describes the exceptions. A reset arrives as an I/O error, for which sockets and streams have different types. A
     * socket that is being written may end without any exception, but a stream never does.
     */
    private static String describe(Collection<Throwable> thrown, Hostile hostile, Carrier carrier) {
        if (hostile.then() != Then.RESETS) {
            return thrown.stream().map(Carriers::describe).collect(Collectors.joining(", ", "[", "]"));
        }
        if (carrier instanceof StreamCarrier && thrown.stream().noneMatch(StreamResetException.class::isInstance)) {
            return "not told of the reset, but " + thrown;
        }
        return thrown.stream()
                .filter(each -> !(each instanceof IOException) && !(each instanceof EndedBeforeTheAnswer))
                .map(Carriers::describe)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String describe(Throwable thrown) {
        return Stream.iterate(thrown, next -> next != null, Throwable::getCause)
                .map(each -> each.getClass().getSimpleName())
                .collect(Collectors.joining(" by "));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static <T> T await(CompletableFuture<T> future, Object what, Carrier carrier) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " failed over " + carrier.name(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(what + " came to no end over " + carrier.name() + "; open: " + carrier.left(), e);
        }
    }
}
