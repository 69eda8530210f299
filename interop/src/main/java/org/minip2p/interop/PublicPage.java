package org.minip2p.interop;

import java.util.StringJoiner;

/** The part of the page on interoperability about the public tests of libp2p/unified-testing. */
final class PublicPage {
    static final String NAME = "The public tests";

    private static final String TEXT = """
            `minip2p interop-test` plays one side of a public test. Its contract is that of libp2p/unified-testing, or the older one of libp2p/test-plans: the names of
            the environment variables tell which. `interop/public-contract` runs both with a real Redis, ours against ours and with the go peer in both directions. No test
            of the public repositories was run against their other implementations: that takes Docker.

            ### The two forms of perf

            `/perf/1.0.0` has two forms in the public tests. That of the specification: the client sends in 8 bytes how much it wants, then its upload, then the end of its
            side; only then comes the answer. The other one: the client sends in 8 bytes how much it uploads and in 8 bytes how much it wants, then its upload, and is answered
            when that is complete, without an end.

            We speak that of the specification, as dialer and as listener, and not the other one beside it: a listener cannot tell them apart. The second 8 bytes of the one
            form are an upload of the other, which may hold anything, and a listener that waits for the end to see how much came is never told it by a client that needs
            no end. Whatever rule a listener guesses by, some client of the specification gets a wrong answer, such as one that asks for 100 bytes and uploads 108.
            Nor is it needed: both sides of a performance test are the same image by default.

            With a listener of the other form our dialer ends with an error and prints no figures. A dialer of the other form that sends no end waits for an answer until
            our listener resets the stream, after 30 s in which nothing moves; one that sends it gets another number of bytes than it has asked for.

            ### What shows that the contract is kept

            Names of tests are of the module `cli`.
            """;

    private PublicPage() {}

    /** The section without its heading. */
    static String text() {
        StringJoiner text = new StringJoiner("\n");
        text.add(TEXT).add("| clause | level | what we do | shown by |").add("|---|---|---|---|");
        PublicClause.ALL.forEach(clause -> text.add(clause.toString()));
        return text.add("").toString();
    }
}
