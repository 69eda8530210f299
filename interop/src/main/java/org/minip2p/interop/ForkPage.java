package org.minip2p.interop;

import java.util.List;
import java.util.StringJoiner;
import org.minip2p.core.testing.PageSection;

/** The part of the page on interoperability about forks. */
final class ForkPage {
    /** The title of the section for a run in which we accept both networks inside the window. */
    static final String NAME = "A fork in the middle of mutual dials";

    /** The title of the section for a run in which we accept only our own. */
    static final String CONTROL = "The same fork when we accept only our own network";

    /** What the section says about a run in which we accept both networks inside the window. */
    static final String TEXT = """
            Every node changes its network at the fork, by its own clock. Inside the window our nodes accept both the old network and the new one; when it ends, they
            repeat the handshake with all their peers. go is an SSV node that does the same. rust is an Anchor node, which accepts only its own current network and closes
            every connection to a peer on any failure. js answers as the SSV node does, but does not start an exchange. Pairs dial each other at the same time: inside the
            window, half of them while their clocks are on different sides of the fork; after the window; and, as a control, long before the fork with a peer that stays on
            the old network. Pairs that have no connection at the end of the window dial once more when all clocks have passed the fork. At the end, SSV nodes are left
            alone for 25 s, because they may close connections after 20 s.

            "Superseded" counts connections that our host closed because it had two to the same peer and had not used this one for 5 s; this is unrelated to the fork.
            "Connection closed" counts exchanges that were in progress when rust closed the connection. rust closes at once, so we lose the answer that would show us its
            network.
            """;

    private static final String CONTROL_TEXT = """
            This shows the purpose of the window: the same rounds, but our nodes accept only the network that they announce themselves. Nothing is asserted here.
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
                + " rounds of each kind with each peer; a window of "
                + options.window().toSeconds() + " s before and after the fork,");
        text.add("clocks up to " + options.skew().toSeconds() + " s apart in either direction.")
                .add("");
        text.add(options.ownNetworkOnly() ? CONTROL_TEXT : TEXT).add(report.markdown());
        return text.toString();
    }
}
