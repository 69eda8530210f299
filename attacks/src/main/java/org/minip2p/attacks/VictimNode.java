package org.minip2p.attacks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.minip2p.attacks.hostile.Description.Application;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.LoopbackHost;
import org.minip2p.host.PauseWhileUnwritable;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;
import org.minip2p.transport.IoBackend;

/**
 * The victim: a host with the default settings in a process of its own. It prints its port, and has three commands: {@code begin} forgets
 * what was observed, {@code collect} reports the memory in use after a collection, {@code figures} reports what was observed.
 *
 * <p>Arguments: {@code KEY=VALUE} for settings of the host, {@code backend=NAME}, {@code application=NAME}.
 */
public final class VictimNode {
    private static final String NETWORK = "0x00000502";
    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final HostMemory memory = HostMemory.ofThisMachine();
    private final Ends ends = new Ends();
    private final AtomicLong heldPeak = new AtomicLong();
    private final AtomicLong directPeak = new AtomicLong();
    private final AtomicLong connectionsPeak = new AtomicLong();
    private final Host host;

    private VictimNode(HostConfig config, String backend, Application application) {
        this.host = LoopbackHost.builder(memory)
                .config(config)
                .ioBackend(IoBackend.named(backend))
                .listen("/ip4/127.0.0.1/tcp/0")
                .handle(
                        "/echo/1.0.0",
                        PeerEnd.CLOSE_WITH_PEER,
                        stream -> stream.pipeline().addLast(PauseWhileUnwritable.INSTANCE, new Echo()))
                .listener(this::seen)
                .start()
                .join();
        Identify.install(host, "victim/1");
        Ping.install(host);
        Perf.install(host);
        NodeInfo own = NodeInfo.of(NETWORK, new Metadata("v1", "geth", "lighthouse", "f".repeat(32)));
        NodeInfoHandshake.install(host, () -> own, HandshakeOptions.defaults(), new Listener(application)::told);
    }

    /** Runs one until its stdin ends. */
    public static void main(String[] args) throws Exception {
        HostConfig config = HostConfig.defaults();
        String backend = "nio";
        Application application = Application.ORDINARY;
        for (String argument : args) {
            int equals = argument.indexOf('=');
            String key = argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            switch (key) {
                case "backend" -> backend = value;
                case "application" -> application = Application.valueOf(value);
                default -> config = config.with(key, value);
            }
        }
        VictimNode victim = new VictimNode(config, backend, application);
        victim.sample();
        Line.print(Map.of(
                "event",
                "listening",
                "port",
                victim.host.addresses().get(0).tcp().orElseThrow().port(),
                "limitBytes",
                victim.memory.limitBytes()));
        Commands.follow(victim::obey);
        // Does not close the host: an attack may leave more behind than a close can wait for.
        Runtime.getRuntime().halt(0);
    }

    private void obey(List<String> words) throws IOException {
        switch (words.get(0)) {
            case "begin" -> {
                ends.clear();
                heldPeak.set(0);
                directPeak.set(0);
                connectionsPeak.set(0);
                Line.print(Map.of("event", "begun"));
            }
            case "collect" -> {
                long direct = Memory.direct();
                Line.print(
                        Map.of("event", "collected", "heapBytes", Memory.heapAfterCollection(), "directBytes", direct));
            }
            case "figures" -> Line.print(figures());
            default -> throw new IllegalArgumentException("expected begin, collect or figures, got " + words);
        }
    }

    private Map<String, Object> figures() throws IOException {
        Map<String, Object> figures = new HashMap<>();
        figures.put("event", "figures");
        figures.put("heldBytes", heldPeak.get());
        figures.put("directBytes", directPeak.get());
        figures.put("residentBytes", Memory.residentPeak());
        figures.put("connectionsPeak", connectionsPeak.get());
        figures.put("heldNow", memory.heldBytes());
        figures.put("connections", host.connections().size());
        figures.put("holders", memory.holders());
        figures.put("heapBytes", Memory.heapAfterCollection());
        figures.put("directNow", Memory.direct());
        figures.put("descriptors", Memory.descriptors());
        figures.put("threads", Thread.activeCount());
        figures.put("ends", ends.counts());
        HeapObjects objects = HeapObjects.now();
        figures.put("timers", objects.count("io.netty.util.concurrent.ScheduledFutureTask"));
        figures.put("mapEntries", objects.mapEntries());
        figures.put("ownObjects", objects.countBelow("org.minip2p."));
        return figures;
    }

    private void seen(Host node, HostEvent event) {
        if (event instanceof HostEvent.ConnectionClosed closed) {
            ends.add(
                    closed.connection().remoteAddress().toString(),
                    closed.cause().toString());
        } else if (event instanceof HostEvent.IncomingConnectionFailed failed) {
            ends.add(
                    failed.remoteAddress().toString(),
                    "no connection, " + failed.error().getMessage());
        }
    }

    /** Samples the peaks on a thread of its own. */
    private void sample() {
        Thread sampler = new Thread(
                () -> {
                    while (true) {
                        heldPeak.accumulateAndGet(memory.heldBytes(), Math::max);
                        directPeak.accumulateAndGet(Memory.direct(), Math::max);
                        connectionsPeak.accumulateAndGet(host.connections().size(), Math::max);
                        LockSupport.parkNanos(SAMPLE_NANOS);
                    }
                },
                "sampler");
        sampler.setDaemon(true);
        sampler.start();
    }

    /** The echo of the README. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
            ctx.fireChannelReadComplete();
        }
    }

    /** The application's listener for node info, well-behaved or not. */
    private static final class Listener {
        private final Application application;
        private final Map<PeerId, Boolean> known = new ConcurrentHashMap<>();
        private final CountDownLatch never = new CountDownLatch(1);

        Listener(Application application) {
            this.application = application;
        }

        void told(Host node, HandshakeEvent event) {
            switch (application) {
                case ORDINARY -> {}
                case SLOW_LISTENER -> LockSupport.parkNanos(SLOW_NANOS);
                case STUCK_LISTENER -> {
                    // The first peer is the honest one, which connected before the attack.
                    if (known.isEmpty() || known.containsKey(event.peerId())) {
                        known.put(event.peerId(), true);
                    } else {
                        waitForEver();
                    }
                }
            }
        }

        private void waitForEver() {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
