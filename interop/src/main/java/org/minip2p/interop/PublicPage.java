package org.minip2p.interop;

import java.util.StringJoiner;

/** The part of the page on interoperability about the public tests of libp2p/unified-testing. */
final class PublicPage {
    static final String NAME = "The public tests";

    private static final String TEXT = """
            `minip2p interop-test` plays one side of a public test. It follows the contract of libp2p/unified-testing or the older one of libp2p/test-plans; the
            names of the environment variables select which. `interop/public-contract` runs both with a real Redis: minip2p against itself, and against the go peer in both
            directions. The tests in the public repositories were not run against other implementations, because they need Docker.

            ### The two forms of perf

            The public tests use two forms of `/perf/1.0.0`. In the form in the specification, the client sends the size of the download in 8 bytes, then its upload, then closes
            its side, and only then receives the download. In the other form, the client sends the size of the upload in 8 bytes and that of the download in 8 more, then its
            upload, and receives the download once the upload is complete, without closing its side.

            We implement only the form in the specification, in both roles, because a listener cannot tell the two apart. The second 8 bytes of the other form could equally be
            the start of an upload, which may contain anything, and a listener that waits for the end of the stream never sees it from a client that does not close its side.
            Whatever rule a listener guesses by, some client that follows the specification gets a wrong answer, such as one that asks for 100 bytes and uploads 108.
            Supporting both is not necessary either: by default, both sides of a performance test run the same image.

            With a listener of the other form, our dialer fails with an error and prints no figures. A dialer of the other form that does not close its side waits until our
            listener resets the stream, after 30 s without progress; a dialer that does close its side receives the wrong number of bytes.

            ### The tests of each clause

            The named tests are in the module `cli`.
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
