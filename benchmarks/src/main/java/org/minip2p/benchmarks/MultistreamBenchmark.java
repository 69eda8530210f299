package org.minip2p.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.Initiator;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.multistream.Negotiation;
import org.minip2p.multistream.Outcome;
import org.minip2p.multistream.Responder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Two ends agree on a protocol, in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MultistreamBenchmark {
    private static final ProtocolId WANTED = new ProtocolId("/bench/1.0.0");
    private static final ProtocolId UNKNOWN = new ProtocolId("/bench/2.0.0");

    private final ByteBuffer toResponder = ByteBuffer.allocate(256);
    private final ByteBuffer toInitiator = ByteBuffer.allocate(256);

    /** The first proposal is accepted. */
    @Benchmark
    public ProtocolId accepted() throws Libp2pException {
        return negotiate(Initiator.waiting(List.of(WANTED)));
    }

    /** The first proposal is refused, the second accepted. */
    @Benchmark
    public ProtocolId acceptedAtSecond() throws Libp2pException {
        return negotiate(Initiator.waiting(List.of(UNKNOWN, WANTED)));
    }

    private ProtocolId negotiate(Initiator initiator) throws Libp2pException {
        Responder responder = new Responder(WANTED::equals, MultistreamConfig.defaults());
        toResponder.clear();
        toInitiator.clear();
        toResponder.put(initiator.beforeWaiting());
        while (true) {
            readAll(responder, toResponder, toInitiator);
            ProtocolId agreed = readAll(initiator, toInitiator, toResponder);
            if (agreed != null) {
                return agreed;
            }
        }
    }

    /** Reads everything that was received, and writes the replies. */
    private static @Nullable ProtocolId readAll(Negotiation end, ByteBuffer in, ByteBuffer out) throws Libp2pException {
        in.flip();
        ProtocolId agreed = null;
        while (in.hasRemaining() && agreed == null) {
            Outcome outcome = end.read(in);
            out.put(outcome.reply());
            agreed = outcome.agreed();
        }
        in.clear();
        if (agreed == null) {
            out.put(end.beforeWaiting());
        }
        return agreed;
    }
}
