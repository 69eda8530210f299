package org.minip2p.interop;

import java.util.Arrays;
import java.util.StringJoiner;

/** The page on interoperability: what a full run found, and what it shows of the points on which implementations differ. */
final class InteropPage {
    private InteropPage() {}

    static String text(Report report, long seconds) {
        StringJoiner text = new StringJoiner("\n");
        text.add("# Interoperability").add("");
        text.add(
                "Our stack against other implementations of libp2p, each in a process of its own on loopback, in both directions. Written by");
        text.add("`interop/run`; what the cases do is in `WeDial` and `TheyDial` of `interop`.")
                .add("");
        text.add("| peer | implementation | version |").add("|---|---|---|");
        Arrays.stream(Peers.values())
                .forEach(peer -> text.add("| " + peer + " | " + peer.implementation() + " | " + peer.version() + " |"));
        text.add("").add("Last full run: " + report.summary() + ", in " + seconds + " s.");
        text.add("").add("## The matrix").add("").add(report.markdown());
        text.add("").add("## Where implementations differ").add("");
        text.add(
                "The points on which implementations differ from the specifications or from one another, as far as the wire shows them: what we do,");
        text.add(
                "and what shows that it works with each peer. The recorded connections are one with each peer in each role, which");
        text.add("`ReplayTest` replays without the peers.").add("");
        text.add("| id | what we do | shown by |").add("|---|---|---|");
        Disagreement.ALL.forEach(each -> text.add(each.toString()));
        return text.add("").toString();
    }
}
