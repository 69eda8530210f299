package org.minip2p.interop;

import java.time.Duration;

/**
 * What is tried with each peer.
 *
 * @param name what the table calls it
 * @param deadline for all of it, the start of processes included
 * @param body tries it, and gives a remark, or an empty text; an exception or error is a failure
 */
record Case(String name, Duration deadline, Body body) {
    /** What a case does. */
    interface Body {
        String run(Bench bench) throws Exception;
    }

    /** A case without remarks. */
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
