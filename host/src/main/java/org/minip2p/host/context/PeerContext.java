package org.minip2p.host.context;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.ResetCode;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.HostEvent;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamQuota;
import org.minip2p.host.events.EventObserver;
import org.minip2p.host.events.Events;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.yamux.netty.YamuxStreamChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol context of one host, on its peer executor. Thread-safe. */
public final class PeerContext implements ProtocolContext {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolContext.class);

    private final EventExecutor peerExecutor;
    private final Events events;
    private final ConnectionTable table;
    private final Verifications verifications;
    private final Map<ConnectionObserver, Observation> observations = new ConcurrentHashMap<>();
    /** The quotas of the handlers in use; each handler holds its own. */
    private final Set<InboundQuota> quotas =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * For one host.
     *
     * @param peerExecutor makes all decisions about several connections
     * @param events delivers events
     * @param table the connections
     * @param verifier checks slow signatures
     */
    public PeerContext(EventExecutor peerExecutor, Events events, ConnectionTable table, Executor verifier) {
        this.peerExecutor = peerExecutor;
        this.events = events;
        this.table = table;
        this.verifications =
                new Verifications(verifier, peer -> !table.of(peer).isEmpty(), peerExecutor.ticker()::nanoTime);
        observe(new ConnectionObserver() {
            @Override
            public void established(Connection connection, int numEstablished) {
                // It is identified by its observer.
            }

            @Override
            public void closed(Connection connection, int numEstablished, CloseCause cause) {
                if (numEstablished == 0) {
                    forget(connection.remotePeer());
                }
            }
        });
    }

    /** The last connection of a peer has closed. */
    private void forget(PeerId peer) {
        verifications.forget(peer);
        synchronized (quotas) {
            quotas.forEach(quota -> quota.forget(peer));
        }
    }

    @Override
    public CompletableFuture<Boolean> verify(PublicKey key, byte[] message, byte[] signature) {
        return verifications.verify(key, message, signature);
    }

    @Override
    public void execute(Runnable task) {
        peerExecutor.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Duration delay, Runnable task) {
        return peerExecutor.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean isCurrent() {
        return peerExecutor.inEventLoop();
    }

    @Override
    public void observe(ConnectionObserver observer) {
        Observation observation = new Observation(observer);
        if (observations.putIfAbsent(observer, observation) != null) {
            throw new IllegalStateException("this observer is already registered: " + observer);
        }
        if (isCurrent()) {
            observation.begin(table.all());
        } else {
            ifRunning(() -> observation.begin(table.all()));
        }
    }

    @Override
    public void stopObserving(ConnectionObserver observer) {
        Observation observation = observations.remove(observer);
        if (observation != null) {
            observation.end();
        }
    }

    private void ifRunning(Runnable task) {
        try {
            peerExecutor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the host has ended, with all its connections");
        }
    }

    @Override
    public void tell(PeerId peer, int bytes, Runnable task) {
        if (bytes < 0) {
            throw new IllegalArgumentException("expected a number of bytes, zero or more, but got " + bytes);
        }
        events.run(Objects.requireNonNull(peer, "peer"), bytes, Objects.requireNonNull(task, "task"));
    }

    @Override
    public boolean isBehind(PeerId peer) {
        return events.isBehind(Objects.requireNonNull(peer, "peer"));
    }

    @Override
    public StreamHandler limited(StreamQuota quota, StreamHandler handler) {
        Objects.requireNonNull(handler, "handler");
        InboundQuota inbound = new InboundQuota(
                quota.maxOpen(), quota.maxPerWindow(), quota.window().toNanos(), peerExecutor.ticker()::nanoTime);
        quotas.add(inbound);
        return stream -> {
            PeerId peer = stream.remotePeer();
            if (inbound.tryTake(peer)) {
                stream.channel().closeFuture().addListener(closed -> inbound.release(peer));
                handler.opened(stream);
            } else {
                LOG.debug("{} peer={} reset: too many streams quota={}", stream, peer, quota);
                refuse(stream);
            }
        };
    }

    /** It counts as a reset by the peer: otherwise a peer could make us negotiate and reset streams without limit. */
    private static void refuse(ProtocolStream stream) {
        if (stream.channel() instanceof YamuxStreamChannel channel) {
            channel.refuse(ResetCode.RESOURCE_LIMIT_EXCEEDED);
        } else {
            stream.reset(ResetCode.RESOURCE_LIMIT_EXCEEDED);
        }
    }

    @Override
    public void expire(ProtocolId protocol, Duration deadline, CompletableFuture<?> result) {
        Objects.requireNonNull(protocol, "protocol");
        if (result.isDone()) {
            return;
        }
        try {
            ScheduledFuture<?> timer = schedule(
                    deadline, () -> result.completeExceptionally(new ProtocolTimeoutException(protocol, deadline)));
            result.whenComplete((value, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            LOG.trace("the host has ended, with all its exchanges");
        }
    }

    /** The notifications of one observer. */
    private final class Observation {
        private final ConnectionObserver observer;
        private volatile boolean over;
        private @Nullable EventObserver listener;

        Observation(ConnectionObserver observer) {
            this.observer = observer;
        }

        /** Existing connections, then new ones: in one task, so that none is missed or reported twice. */
        void begin(List<Connection> there) {
            if (over) {
                return;
            }
            EventObserver told = event -> {
                if (!over) {
                    tell(event);
                }
            };
            listener = told;
            events.addObserver(told);
            Map<PeerId, Integer> numbers = new HashMap<>();
            for (Connection connection : there) {
                int number = numbers.merge(connection.remotePeer(), 1, Integer::sum);
                Events.tellOne(told, new HostEvent.ConnectionEstablished(connection, number, number - 1));
            }
        }

        private void tell(HostEvent event) {
            if (event instanceof HostEvent.ConnectionEstablished e) {
                observer.established(e.connection(), e.numEstablished());
            } else if (event instanceof HostEvent.ConnectionClosed e) {
                observer.closed(e.connection(), e.numEstablished(), e.cause());
            }
        }

        void end() {
            over = true;
            ifRunning(() -> {
                if (listener != null) {
                    events.removeObserver(listener);
                }
            });
        }
    }
}
