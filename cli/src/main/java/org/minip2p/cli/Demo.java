package org.minip2p.cli;

import java.time.Duration;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.Connection;
import org.minip2p.protocols.IdentifyInfo;
import org.minip2p.protocols.PerfResult;

/** Two nodes, A and B, which run all protocols with each other, one after the other. */
final class Demo {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int PINGS = 500;

    /**
     * The result.
     *
     * @param connectNanos from the dial to the connection, in nanoseconds
     * @param handshake B's node info, received by A
     * @param pings round trips
     * @param agentVersion the software that B announces
     * @param protocols the number of protocols that B announces
     * @param bytes the bytes that A sent to B
     * @param mibPerSecond the throughput
     */
    record Result(
            long connectNanos,
            NodeInfo handshake,
            Latencies pings,
            String agentVersion,
            int protocols,
            long bytes,
            double mibPerSecond) {}

    private final Output output;
    private final TimeLine timeLine;
    private final DemoNode a;
    private final DemoNode b;

    Demo(Output output, TimeLine timeLine, DemoNode a, DemoNode b) {
        this.output = output;
        this.timeLine = timeLine;
        this.a = a;
        this.b = b;
    }

    /** Runs everything; closes the connection at the end, but not the nodes. */
    Result run(long bytes) throws CommandFailedException, InterruptedException {
        long start = System.nanoTime();
        Connection connection = Await.result(a.host().dial(b.host().addresses().get(0)), LIMIT);
        long connectNanos = System.nanoTime() - start;
        NodeInfo handshake = handshake();
        Latencies pings = ping(connection);
        IdentifyInfo info = identify(connection);
        PerfResult transfer = transfer(connection, bytes);
        close(connection);
        return new Result(
                connectNanos,
                handshake,
                pings,
                info.agentVersion(),
                info.protocols().size(),
                bytes,
                Units.mibPerSecond(bytes, transfer.uploadTime().toNanos()));
    }

    private NodeInfo handshake() throws CommandFailedException, InterruptedException {
        a.handshake().thenAccept(outcome -> timeLine.mark("A", "knows B's node info (handshake completed)"));
        b.handshake().thenAccept(outcome -> timeLine.mark("B", "knows A's node info (handshake completed)"));
        Await.result("handshake at B", b.handshake(), LIMIT);
        return Await.result("handshake at A", a.handshake(), LIMIT);
    }

    private Latencies ping(Connection connection) throws CommandFailedException, InterruptedException {
        timeLine.mark("A", "sends the first of " + PINGS + " pings");
        Latencies times = PingCommand.measure(a.ping(), connection, PINGS);
        timeLine.mark("A", "has the answer to the last ping");
        return times;
    }

    private IdentifyInfo identify(Connection connection) throws CommandFailedException, InterruptedException {
        timeLine.mark("A", "asks B for its data (identify)");
        IdentifyInfo info = Await.result("identify", a.identify().identify(connection), IdentifyCommand.LIMIT);
        timeLine.mark("A", "has B's answer: " + info.agentVersion());
        return info;
    }

    private PerfResult transfer(Connection connection, long bytes) throws CommandFailedException, InterruptedException {
        timeLine.mark("A", "begins to send " + Units.size(bytes));
        PerfResult result = PerfTransfer.run("transfer", output, a.perf(), connection, bytes, 0);
        timeLine.mark("A", "knows that B has read all of it");
        return result;
    }

    private void close(Connection connection) throws CommandFailedException, InterruptedException {
        timeLine.mark("A", "closes the connection");
        Await.result("close", connection.close(), LIMIT);
        Await.result("close at A", a.disconnected(), LIMIT);
        Await.result("close at B", b.disconnected(), LIMIT);
    }
}
