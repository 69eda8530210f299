package org.minip2p.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Shows all protocols, with two nodes in this process. */
@Command(
        name = "demo",
        description = "Let two nodes in this process talk to each other over TCP, and show what happens.")
final class DemoCommand implements Callable<Integer> {
    private final Minip2pCommand root;

    @Option(
            names = "--bytes",
            paramLabel = "BYTES",
            defaultValue = "256MiB",
            converter = Arguments.Bytes.class,
            description = "How much to transfer; ${DEFAULT-VALUE} by default.")
    private long bytes = 1;

    DemoCommand(Minip2pCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        Logging.configure(false);
        Output output = root.output();
        output.text("Two nodes, A and B, in this process; they talk over TCP like any two machines.");
        output.text("");
        NodeInfos infos = NodeInfos.of(NodeInfos.DEFAULT_NETWORK_ID, List.of());
        TimeLine timeLine = new TimeLine();
        try (DemoNode b = DemoNode.start("B", timeLine, infos);
                DemoNode a = DemoNode.start("A", timeLine, infos)) {
            output.text("A is the peer " + a.host().peerId());
            output.text("B is the peer " + b.host().peerId());
            Demo.Result result = new Demo(output, timeLine, a, b).run(bytes);
            showTimeLine(output, timeLine);
            showResult(output, result);
        }
        return ExitCode.OK;
    }

    private static void showTimeLine(Output output, TimeLine timeLine) {
        output.text("");
        output.text("The life of their connection, in microseconds from the dial:");
        long start = timeLine.marks().get(0).nanos();
        for (TimeLine.Mark mark : timeLine.marks()) {
            long micros = (mark.nanos() - start) / 1000;
            output.event(
                    "step",
                    new Report()
                            .value("micros", micros)
                            .value("node", mark.node())
                            .value("what", mark.what()));
            output.text(String.format("%12d  %s  %s", micros, mark.node(), mark.what()));
        }
        output.text("");
    }

    private static void showResult(Output output, Demo.Result result) {
        double median = result.pings().percentileMicros(50);
        output.result(Report.ok()
                .line(
                        "encrypted connection",
                        row(
                                Units.time(Units.micros(result.connectNanos())),
                                "TCP connected, both identities proved, keys agreed"))
                .both(
                        "handshake",
                        "completed",
                        "node info handshake",
                        row(
                                "completed",
                                "each told the other, signed, that it serves network "
                                        + result.handshake().networkId()))
                .both(
                        "pingMicrosP50",
                        median,
                        "round trip (ping)",
                        row(Units.time(median), "a small request and its answer, median"))
                .line(
                        "identify",
                        row(
                                result.protocols() + " protocols",
                                "B's protocols; B's software is " + result.agentVersion()))
                .both(
                        "mibPerSecond",
                        result.mibPerSecond(),
                        "transfer",
                        row(
                                Units.rate(result.mibPerSecond()),
                                Units.size(result.bytes()) + " from A to B, encrypted, one stream"))
                .line("ok", ""));
    }

    private static String row(String value, String meaning) {
        return String.format("%-14s %s", value, meaning);
    }
}
