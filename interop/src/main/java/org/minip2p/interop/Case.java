package org.minip2p.interop;

import java.time.Duration;

/**
 * A case that runs with each peer.
 *
 * @param name its name in the table
 * @param deadline the limit for all of it, including the start of processes
 * @param body runs the case and returns a remark or an empty text; an exception or error is a failure
 */
record Case(String name, Duration deadline, Body body) {
    /** The body of a case. */
    interface Body {
        String run(Bench bench) throws Exception;
    }

    /** The body of a case without remarks. */
    interface Plain {
        void run(Bench bench) throws Exception;
    }

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    static Case of(String name, Plain body) {
        return of(name, DEADLINE, body);
    }

    static Case of(String name, Duration deadline, Plain body) {
        return new Case(name, deadline, bench -> {
            body.run(bench);
            return "";
        });
    }
}
