package org.minip2p.interop;

import java.util.List;
import java.util.StringJoiner;
import org.minip2p.core.testing.PageSection;

/** The part of the page on interoperability about forks. */
final class ForkPage {
    /** The title of the section for a run in which we accept both networks inside the window. */
    static final String NAME = "A fork in the middle of mutual dials";

    /** The title of the section for a run in which we accept only our own. */
    static final String CONTROL = "The same fork when we accept our own network alone";

    private static final String TEXT = """
            The network of every node changes at the fork, by its own clock. Our nodes accept the old network and the new one inside the window, and ask all
            their peers again when it ends. go is an SSV node that does the same, rust an Anchor node, which accepts its own network of the moment alone and closes
            every connection to a peer on any failure, js answers as the SSV node does but starts no exchange. Pairs dial each other at the same time: inside the
            window, half of them within the time in which clocks are on different sides of the fork; after it; and well before it with a peer that never follows. Those
            that the window left without a connection are dialed once more when all clocks have passed it. An SSV node is left alone for 25 s at the end, since it closes
            after 20 s.

            "Superseded" is our host, which closes one of two connections to a peer after 5 s without use, fork or not. "Connection closed" on the rust side is what else was in
            flight when it closed. It closes at once: its answer, by which we would tell that the peer is on another network, is lost then.
            """;

    private static final String CONTROL_TEXT = """
            What the window is for: the same rounds, but our nodes accept what they say themselves and nothing else. Nothing is asserted here.
            """;

    private ForkPage() {}

    /** The sections about forks that a page has. */
    static String sectionsOf(String page) {
        StringBuilder sections = new StringBuilder();
        for (String name : new String[] {NAME, CONTROL}) {
            String section = PageSection.of(page, name);
            sections.append(section.isEmpty() ? "" : "\n" + section);
        }
        return sections.toString();
    }

    /**
     * The text of a section, without its heading.
     *
     * @param arguments the arguments of the run
     */
    static String text(List<String> arguments, ForkRunOptions options, ForkReport report) {
        StringJoiner text = new StringJoiner("\n");
        text.add("Written by `interop/run forks " + String.join(" ", arguments) + "`: " + options.rounds()
                + " rounds of each kind with each peer, a window of "
                + options.window().toSeconds() + " s before and after the fork,");
        text.add("clocks up to " + options.skew().toSeconds() + " s apart in either direction.")
                .add("");
        text.add(options.ownNetworkOnly() ? CONTROL_TEXT : TEXT).add(report.markdown());
        return text.toString();
    }
}
