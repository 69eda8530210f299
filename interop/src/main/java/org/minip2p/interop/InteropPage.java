package org.minip2p.interop;

import java.util.Arrays;
import java.util.StringJoiner;

/** The page on interoperability: the results of a full run, and what they show about the points on which implementations differ. */
final class InteropPage {
    static final String DIFFERENCES_NAME = "Where implementations differ";
    static final String CHANGES_NAME = "What a peer made us change";

    /** The section on what peers made us change, without its heading. */
    static final String CHANGES = """
            What the specifications allow, but did not work with some peer until we changed it.

            | peer | what happened | what we do now |
            |---|---|---|
            | js | its reader misses an end of stream that arrives before the handler: a stream whose end arrives together with the negotiation is sometimes reset | `HostBuilder.awaitConfirmation` optionally waits until the protocol is confirmed |
            | go | it closes the socket between frames without GO_AWAY | we treat this as a clean close |
            | go, as an SSV node | a request that it serves before it starts waiting for one does not count, and 20 s later it closes all connections | `HandshakeOptions.repeatAfter`: a second exchange 3 s later, and another if the connection closes during that one |
            | go, as an SSV node | it gives up on a peer 20 s after the connection was established | both an exchange and the wait for one time out after 5 s |
            """;

    private InteropPage() {}

    static String text(Report report, long seconds) {
        StringJoiner text = new StringJoiner("\n");
        text.add("# Interoperability").add("");
        text.add(
                "minip2p against other implementations of libp2p, each in its own process on loopback, in both directions. This page is written by");
        text.add("`interop/run`; the cases are listed in the classes `WeDial` and `TheyDial` of the module `interop`.")
                .add("");
        text.add("| peer | implementation | version |").add("|---|---|---|");
        Arrays.stream(Peers.values())
                .forEach(peer -> text.add("| " + peer + " | " + peer.implementation() + " | " + peer.version() + " |"));
        text.add("").add("Last full run: " + report.summary() + ", in " + seconds + " s.");
        text.add("").add("## The matrix").add("").add(report.markdown());
        text.add("").add("## " + DIFFERENCES_NAME).add("").add(differences());
        text.add("## " + CHANGES_NAME).add("").add(CHANGES);
        text.add("## " + PublicPage.NAME).add("").add(PublicPage.text());
        return text.toString();
    }

    /** The section on the points on which implementations differ, without its heading. */
    static String differences() {
        StringJoiner text = new StringJoiner("\n");
        text.add(
                "The points on which implementations differ from the specifications or from each other, as far as this is visible on the wire: what we");
        text.add(
                "do, and which cases show that it works with each peer. There is one recorded connection with each peer in each role;");
        text.add("`ReplayTest` replays them without the peers.").add("");
        text.add("| id | what we do | shown by |").add("|---|---|---|");
        Disagreement.ALL.forEach(each -> text.add(each.toString()));
        return text.add("").toString();
    }
}
