package org.minip2p.interop;

import java.util.Arrays;
import java.util.StringJoiner;

/** The page on interoperability: the results of a full run, and what they show about the points on which implementations differ. */
final class InteropPage {
    private static final String CHANGES = """
            What was within the specifications, and still did not work with a peer until we did it in another way.

            | peer | what was seen | what we do since |
            |---|---|---|
            | js | its reader misses an end that comes before its handler: a stream whose end comes with the negotiation is reset now and then | `HostBuilder.awaitConfirmation` holds a protocol back until it is agreed on, where chosen |
            | go | it ends its bytes between two frames, without a word | that is a close, not a fault |
            | go, as an SSV node | a request that is served before it has begun to wait for one does not count, and 20 s later it closes all connections | `HandshakeOptions.repeatAfter`: a second exchange 3 s later |
            | go, as an SSV node | it gives up on a peer 20 s after a connection came up | an exchange and the wait for one end after 5 s each |
            """;

    private InteropPage() {}

    static String text(Report report, long seconds) {
        StringJoiner text = new StringJoiner("\n");
        text.add("# Interoperability").add("");
        text.add(
                "Our stack against other implementations of libp2p, each in a process of its own on loopback, in both directions. Written by");
        text.add("`interop/run`; what the cases do is behind `WeDial` and `TheyDial` of `interop`.")
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
        text.add("").add("## What a peer made us change").add("").add(CHANGES);
        text.add("## " + PublicPage.NAME).add("").add(PublicPage.text());
        return text.toString();
    }
}
