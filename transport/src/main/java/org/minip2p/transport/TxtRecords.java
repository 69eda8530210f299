package org.minip2p.transport;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Queries the TXT records of a name. */
interface TxtRecords {
    /** A pending query. */
    interface Question {
        /**
         * The text of each record, with its strings joined; undecodable bytes are not reported. Fails with any error, and may never
         * complete.
         */
        CompletableFuture<List<String>> answer();

        /** Releases the sockets, with or without an answer. It may be called twice, and from any thread. */
        void close();
    }

    /**
     * Sends the query without waiting for the answer. May throw any exception.
     *
     * @param name without a dot at its end
     */
    Question ask(String name);
}
